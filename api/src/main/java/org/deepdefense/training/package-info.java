// SPDX-License-Identifier: Apache-2.0
/** Training and hardening networks. */
@Export
@Version("1.0.0")
package org.deepdefense.training;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
