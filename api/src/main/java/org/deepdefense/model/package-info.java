// SPDX-License-Identifier: Apache-2.0
/** Network architectures, classifiers and the space of their inputs. */
@Export
@Version("1.0.0")
package org.deepdefense.model;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
