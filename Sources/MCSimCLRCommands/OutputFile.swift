import ArgumentParser
import Foundation

/// What a command writes.
enum OutputFile {
    /// Throws: ``RecordingError/replacesInput(path:)`` where the output is one of the inputs, under
    /// whatever name.
    static func check(_ output: String?, isNoneOf inputs: [String]) throws {
        guard let output, let target = identity(output) else { return }
        for input in inputs where identity(input) == target {
            throw RecordingError.replacesInput(path: input)
        }
    }

    /// Throws: `ValidationError` for a file whose name says that it is of another kind than what is written.
    static func check(_ output: String?, isKind kind: String) throws {
        guard let output else { return }
        let extensionOfFile = URL(fileURLWithPath: output).pathExtension.lowercased()
        guard extensionOfFile != kind, !extensionOfFile.isEmpty else { return }
        throw ValidationError("--output is '\(output)', but must end in .\(kind)")
    }

    private struct Identity: Equatable {
        let device: UInt64
        let file: UInt64
    }

    private static func identity(_ path: String) -> Identity? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Identity(device: UInt64(status.st_dev), file: UInt64(status.st_ino))
    }
}
