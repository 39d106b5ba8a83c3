// SPDX-License-Identifier: Apache-2.0
/** The work of evaluations as values, and who does it. */
@Export
@Version("1.0.0")
package org.deepdefense.work;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
