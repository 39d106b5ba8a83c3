// SPDX-License-Identifier: Apache-2.0
/** Measuring how robust a network is. */
@Export
@Version("1.0.0")
package org.deepdefense.evaluation;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
