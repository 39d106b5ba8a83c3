// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl.internal;

import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What PyTorch itself prints, which goes to the terminal past every log: only errors, unless the
 * environment variable {@code TORCH_CPP_LOG_LEVEL} says otherwise. In Python PyTorch reads the
 * variable by itself; DJL does not make it do so.
 */
final class NativeLog {

    private static final Logger logger = LoggerFactory.getLogger(NativeLog.class);

    private static final String VARIABLE = "TORCH_CPP_LOG_LEVEL";
    private static final String LEVEL = "FLAGS_caffe2_log_level";
    private static final int ERROR = 2;

    /** {@code c10::initLogging()}, which reads the variable. */
    private static final String READ_VARIABLE = "_ZN3c1011initLoggingEv";

    private NativeLog() {}

    static void configure() {
        Path library = Path.of(LibUtils.getLibtorchPath(), System.mapLibraryName("c10"));
        try {
            NativeLibrary c10 = NativeLibrary.getInstance(library.toString());
            if (System.getenv(VARIABLE) == null) {
                c10.getGlobalVariableAddress(LEVEL).setInt(0, ERROR);
            } else {
                Function read = c10.getFunction(READ_VARIABLE);
                read.invokeVoid(new Object[0]);
            }
        } catch (LinkageError e) {
            logger.debug("PyTorch's warnings will be on the terminal", e);
        }
    }
}
