import Foundation
import Platform
import Testing

@Suite("Files that are written whole")
struct WholeFileTests {
    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ablate-files-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    @Test("links under the file's name and under its temporary one are replaced, not followed")
    func links() throws {
        try withFolder { folder in
            let victim = folder.appending(path: "victim.txt")
            try Data("mine".utf8).write(to: victim)
            let file = folder.appending(path: "table.csv")
            for name in ["table.csv", ".table.csv.\(getpid()).part"] {
                try FileManager.default.createSymbolicLink(
                    at: folder.appending(path: name), withDestinationURL: victim)
            }
            try WholeFile.write("new", to: file)
            #expect(try String(contentsOf: file, encoding: .utf8) == "new")
            #expect(try String(contentsOf: victim, encoding: .utf8) == "mine")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
                    == ["table.csv", "victim.txt"])
        }
    }

    @Test("folders are made, old content goes, and nothing else is left")
    func replaced() throws {
        try withFolder { folder in
            let file = folder.appending(path: "a/b/table.csv")
            try WholeFile.write("a longer first text", to: file)
            try WholeFile.write("second", to: file)
            #expect(try String(contentsOf: file, encoding: .utf8) == "second")
            #expect(
                try FileManager.default.contentsOfDirectory(
                    atPath: file.deletingLastPathComponent().path) == ["table.csv"])
        }
    }

    @Test("a pipe, a device or a folder of that name is refused")
    func others() throws {
        try withFolder { folder in
            let pipe = folder.appending(path: "pipe")
            mkfifo(pipe.path, 0o600)
            for path in [pipe.path, "/dev/null", folder.path] {
                #expect(throws: PlatformError.notAFile(path: path)) {
                    try WholeFile.write("text", to: URL(filePath: path))
                }
            }
        }
        #expect(
            PlatformError.unwritable(path: "/x", code: ENOSPC).description
                == "cannot write '/x': No space left on device; free some space")
    }
}
