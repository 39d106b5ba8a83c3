// SPDX-License-Identifier: Apache-2.0
/** What robustness work needs of PyTorch and DJL's public API does not offer. */
@Export
@Version("1.0.0")
package org.deepdefense.djl;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
