// SPDX-License-Identifier: Apache-2.0
/** Long work: progress, cancellation, results. */
@Export
@Version("1.0.0")
package org.deepdefense.job;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
