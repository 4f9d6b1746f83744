import Digests
import Foundation
import Platform

/// The program of a submission, kept under the digest of its content: another one may be installed while jobs
/// wait, and no sweep is computed by two.
enum BuildCopy {
    /// Copies the program that runs, where it is not there yet; returns the copy.
    ///
    /// Throws: `PlatformError`.
    static func make(in exchange: ExchangeFolder) throws -> URL {
        let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let content = try Data(contentsOf: program, options: .alwaysMapped)
        let digest = content.withUnsafeBytes { Digest(of: $0) }
        let folder = exchange.build(digest)
        let copy = folder.appending(path: "bin/\(program.lastPathComponent)")
        if FileManager.default.isExecutableFile(atPath: copy.path) {
            // In use from now on, though no submission names it yet: see `unneededBuilds`.
            try? FileManager.default.setAttributes(
                [.modificationDate: Date.now], ofItemAtPath: copy.path)
            return copy
        }
        try SharedFile.makeFolder(copy.deletingLastPathComponent())
        // The libraries that an installation has beside its program.
        let libraries = program.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "lib/ablate")
        for name in (try? FileManager.default.contentsOfDirectory(atPath: libraries.path)) ?? [] {
            let place = folder.appending(path: "lib/ablate/\(name)")
            try SharedFile.makeFolder(place.deletingLastPathComponent())
            try SharedFile.replace(
                try Data(contentsOf: libraries.appending(path: name), options: .alwaysMapped),
                at: place)
        }
        // Last: it stands for the whole.
        try SharedFile.replace(content, at: copy, mode: 0o777)
        return copy
    }
}
