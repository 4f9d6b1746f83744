import Foundation

/// Why the system would not run a file that may be executed.
struct ProgramFile {
    enum Fault: Equatable {
        case isFolder
        /// Its first line names a program that is not there.
        case noInterpreter(String)
        /// A text that does not say who reads it.
        case noFirstLine
    }

    let fault: Fault?

    init(_ file: URL) { fault = Self.fault(of: file) }

    private static func fault(of file: URL) -> Fault? {
        if StageFiles.oddity(of: file) == "a folder" { return .isFolder }
        guard let handle = StageFiles.opened(file) else { return nil }
        // Of an empty file there is nothing to be read.
        let start = (try? handle.read(upToCount: 256)) ?? Data()
        guard start.starts(with: Data("#!".utf8)) else {
            // What is no text the system knows better.
            let isText = start.allSatisfy { $0 >= 0x20 || (0x09...0x0D).contains($0) }
            return isText ? .noFirstLine : nil
        }
        let line = start.dropFirst(2).prefix { $0 != 0x0A }
        let words = line.split { $0 == 0x20 || $0 == 0x09 }
        guard let word = words.first else { return .noFirstLine }
        // Lines of Windows end with one that nobody sees.
        let interpreter = String(decoding: word, as: UTF8.self).replacing("\r", with: "\\r")
        return FileManager.default.isExecutableFile(atPath: interpreter)
            ? nil : .noInterpreter(interpreter)
    }
}
