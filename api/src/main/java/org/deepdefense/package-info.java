// SPDX-License-Identifier: Apache-2.0
/** Errors that users see. */
@Export
@Version("1.0.0")
package org.deepdefense;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
