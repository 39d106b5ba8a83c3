// SPDX-License-Identifier: Apache-2.0
/** Files that data sets and models have published, fetched once and checked. */
@Export
@Version("1.0.0")
package org.deepdefense.download;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
