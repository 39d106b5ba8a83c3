// SPDX-License-Identifier: Apache-2.0
/** Labelled images. */
@Export
@Version("1.0.0")
package org.deepdefense.dataset;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
