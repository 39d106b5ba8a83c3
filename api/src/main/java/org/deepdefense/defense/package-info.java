// SPDX-License-Identifier: Apache-2.0
/** Defenses: training objectives, and what they are given. */
@Export
@Version("1.0.0")
package org.deepdefense.defense;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
