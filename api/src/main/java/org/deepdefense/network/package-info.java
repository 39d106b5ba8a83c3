// SPDX-License-Identifier: Apache-2.0
/** Trained networks: where they come from and how they are kept. */
@Export
@Version("1.0.0")
package org.deepdefense.network;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
