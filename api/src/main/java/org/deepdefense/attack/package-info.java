// SPDX-License-Identifier: Apache-2.0
/** Attacks: what a plug-in implements, and what it is given. */
@Export
@Version("1.0.0")
package org.deepdefense.attack;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
