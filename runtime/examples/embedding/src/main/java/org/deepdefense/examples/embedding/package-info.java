// SPDX-License-Identifier: Apache-2.0
/** The application's own service. */
@Export
@Version("1.0.0")
package org.deepdefense.examples.embedding;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
