// SPDX-License-Identifier: Apache-2.0
/** Results as JSON and back. */
@Export
@Version("1.0.0")
package org.deepdefense.report.json;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
