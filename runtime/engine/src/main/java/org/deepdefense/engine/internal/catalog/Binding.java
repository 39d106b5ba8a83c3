// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import java.util.Map;

/**
 * The parameters of a run.
 *
 * @param parameters the parameters as the plug-in takes them
 * @param values all of them as text, the defaults too, for the record of the run
 * @param <P> their type
 */
record Binding<P>(P parameters, Map<String, String> values) {}
