// SPDX-License-Identifier: Apache-2.0
/** Results as comma-separated values. */
@Export
@Version("1.0.0")
package org.deepdefense.report.csv;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
