import COpenBLAS
import Foundation

/// The libraries and instructions that numbers are computed with.
public enum NumericBackend {
    /// What must be equal for two runs to give the same bits.
    public struct BuildDescription: Sendable, Codable, Hashable {
        /// The processor's name and family/model/stepping.
        public let processor: String
        /// The kernels that OpenBLAS has chosen, and its version.
        public let openBLAS: String
        /// The instructions that this build was compiled for.
        public let compiledFor: String
    }

    /// Makes OpenBLAS use one thread: workers are the parallelism here. Call once at start.
    public static func prepare() {
        openblas_set_num_threads(1)
    }

    /// Has OpenBLAS use its kernels for AVX2 (those for Haswell) on every x86-64 processor that has it, so that results
    /// are the same bytes on all of them.
    ///
    /// Left to itself it chooses by the model: kernels for AVX-512 on one, and on a processor that came after it those of
    /// 2004 (OpenBLAS 0.3.21 on Xeons of 2023). It reads its choice when it is loaded, so that the process is started anew,
    /// with the same arguments; call this first in `main`. Does nothing where the caller has set OPENBLAS_CORETYPE, and
    /// where OpenBLAS was built with kernels for one processor alone.
    @inline(never)
    public static func chooseKernels() {
        ablate_choose_kernels(CommandLine.unsafeArgv)
    }

    /// The line to stop with when this build holds instructions that this processor lacks; nil when
    /// all is well. Call it before anything else of the numeric modules.
    ///
    /// The check itself needs no such instructions: it is one C function that is compiled for plain
    /// x86-64 whatever the module's target, and on success this function does nothing but call it.
    @inline(never)
    public static func unsupportedInstructions() -> String? {
        guard let missing = ablate_missing_instructions() else { return nil }
        return unsupportedLine(String(cString: missing))
    }

    /// The wording, for its test.
    @inline(never)
    package static func unsupportedLine(_ missing: String) -> String {
        "this build was made for \(String(cString: ablate_compiled_for())), but this processor has "
            + "no \(missing): use the build for x86-64-v3, or build here (ABLATE_TARGET=native)"
    }

    public static var description: BuildDescription {
        BuildDescription(
            processor: processorName(),
            openBLAS: [openblas_get_corename(), openblas_get_config()]
                .compactMap { $0.map { String(cString: $0) } }.joined(separator: ", "),
            compiledFor: String(cString: ablate_compiled_for()))
    }

    private static func processorName() -> String {
        #if os(Linux)
            guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else {
                return "unknown"
            }
            var fields: [String: String] = [:]
            for line in text.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1)
                    .map { $0.trimmingCharacters(in: .whitespaces) }
                if parts.count == 2, fields[parts[0]] == nil { fields[parts[0]] = parts[1] }
            }
            let numbers = ["cpu family", "model", "stepping"].map { fields[$0] ?? "?" }
            return "\(fields["model name"] ?? "unknown") (\(numbers.joined(separator: "/")))"
        #else
            return ProcessInfo.processInfo.operatingSystemVersionString
        #endif
    }
}
