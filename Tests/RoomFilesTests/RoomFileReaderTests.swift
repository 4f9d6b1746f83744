import Foundation
import RoomFiles
import TestSupport
import Testing

@Suite("Reading a file in another process")
struct RoomFileReaderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A program whose whole work is a line of shell: `$2` is the file, `$3` the form to write.
    private func program(_ line: String) throws -> URL {
        let file = try folder.file("program")
        try Data("#!/bin/sh\n\(line)\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        return file
    }

    private func message(_ line: String, limit: Double = 20) throws -> String {
        let file = SOFAFixtures.hostile("plain")
        let program = try program(line)
        do {
            _ = try RoomFileReader.read(file, with: program, limit: limit)
            return "none"
        } catch {
            return "\(error)".replacing(file.relativePath, with: "FILE")
        }
    }

    @Test("gives what it gives in this one")
    func read() throws {
        let form = try folder.file("form")
        try RoomFileReader.write(SOFAFixtures.hostile("plain"), to: form)
        let program = try program("[ \"$1\" = read-rooms ] && cp '\(form.path)' \"$3\"")
        let read = try RoomFileReader.read(
            SOFAFixtures.hostile("plain"), with: program, limit: 20)
        #expect(read == (try RoomFile(sofa: SOFAFixtures.hostile("plain"))))
    }

    @Test(
        "a crash, a program that fails and nonsense are one line each",
        arguments: [
            (
                "kill -SEGV $$",
                "'FILE' cannot be used: reading it ended in signal 11; the file is damaged, or made to do "
                    + "harm"
            ),
            (
                "exit 3",
                "'FILE' cannot be used: reading it ended in exit code 3; the file is damaged, or made to "
                    + "do harm"
            ),
            ("true", "'FILE' cannot be used: what was read of it is damaged"),
            ("echo ABLROOM1 > \"$3\"", "'FILE' cannot be used: what was read of it is damaged"),
            (
                "truncate -s 10G \"$3\"", "'FILE' cannot be used: what was read of it is damaged"
            ),
            (
                "rm \"$3\"; ln -s /dev/zero \"$3\"",
                "'FILE' cannot be used: what was read of it is damaged"
            ),
            (
                "printf 'ABLFAULTit is blue' > \"$3\"", "'FILE' cannot be used: it is blue"
            ),
        ])
    func faults(_ line: String, _ wanted: String) throws {
        #expect(try message(line) == wanted)
    }

    @Test("one that does not end is ended")
    func endless() throws {
        #expect(
            try message("exec sleep 60", limit: 0.5)
                == "'FILE' cannot be used: reading it has not ended within 0 s; the file is damaged, or "
                + "far too large")
    }

    @Test("no file is left behind")
    func leftovers() throws {
        let marker = UUID().uuidString
        // The form's name, as the program sees it.
        _ = try message("echo \"$3\" > '\(folder.url.path)/\(marker)'; exit 3")
        let name = try String(
            contentsOf: folder.url.appending(path: marker), encoding: .utf8
        ).trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(name.contains("ablate-rooms-"))
        #expect(!FileManager.default.fileExists(atPath: name))
    }
}
