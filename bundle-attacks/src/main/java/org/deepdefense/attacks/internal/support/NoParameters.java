// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.support;

import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The parameters of attacks that take none but those of the framework. */
@ObjectClassDefinition(name = "An attack without parameters")
public @interface NoParameters {}
