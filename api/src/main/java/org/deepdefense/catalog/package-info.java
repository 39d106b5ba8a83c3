// SPDX-License-Identifier: Apache-2.0
/** What is registered: models, datasets, attacks, defenses and their parameters. */
@Export
@Version("1.0.0")
package org.deepdefense.catalog;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
