// SPDX-License-Identifier: Apache-2.0
/** Results and lists in Markdown. */
@Export
@Version("1.0.0")
package org.deepdefense.report.markdown;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
