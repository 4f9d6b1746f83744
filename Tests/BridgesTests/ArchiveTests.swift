import Bridges
import Foundation
import TestSupport
import Testing

/// Archives as a stranger may make them, byte by byte.
@Suite("An archive of a stranger")
struct ArchiveTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// An entry of a tar file (POSIX.1-1988, ustar).
    private struct Entry {
        var name: String
        /// In the place of the name, for what is no text.
        var bytes: Data?
        var content = Data()
        /// 0 a file, 1 a hard link, 2 a symbolic link, 3 a device, 5 a folder, 6 a pipe.
        var type: Character = "0"
        var target = ""
        /// What the header says of the size; nil for the truth.
        var size: Int?

        var data: Data {
            var header = Data(count: 512)
            func put(_ text: String, _ start: Int) {
                for (index, byte) in text.utf8.enumerated() { header[start + index] = byte }
            }
            func octal(_ value: Int, _ digits: Int) -> String {
                let text = String(value, radix: 8)
                return String(repeating: "0", count: digits - text.count) + text
            }
            put(name, 0)
            for (index, byte) in (bytes ?? Data()).enumerated() { header[index] = byte }
            put(octal(0o644, 7), 100)
            put(octal(0, 7), 108)
            put(octal(0, 7), 116)
            put(octal(size ?? content.count, 11), 124)
            put(octal(0, 11), 136)
            put("        ", 148)
            put(String(type), 156)
            put(target, 157)
            put("ustar\u{0}00", 257)
            put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\u{0} ", 148)
            let padding = (512 - content.count % 512) % 512
            return header + content + Data(count: padding)
        }
    }

    /// As a frame of Zstandard whose blocks are not compressed (RFC 8878, 3.1.1).
    private func frame(_ content: Data) -> Data {
        var frame = Data([0x28, 0xB5, 0x2F, 0xFD, 0xA0])
        frame += (0..<4).map { UInt8(truncatingIfNeeded: content.count >> (8 * $0)) }
        var rest = content[...]
        repeat {
            let block = rest.prefix(512)
            rest = rest.dropFirst(block.count)
            let head = block.count << 3 | (rest.isEmpty ? 1 : 0)
            frame += (0..<3).map { UInt8(truncatingIfNeeded: head >> (8 * $0)) }
            frame += block
        } while !rest.isEmpty
        return frame
    }

    private func unpack(
        _ entries: [Entry], limits: ArchiveReader.Limits = .init(),
        isCompressed: Bool = true
    ) throws -> [String] {
        let file = try folder.file("x.tar")
        let tar = entries.reduce(Data()) { $0 + $1.data } + Data(count: 1024)
        try (isCompressed ? frame(tar) : tar).write(to: file)
        return try ArchiveReader.unpack(
            file, to: folder.url.appending(path: "out"), limits: limits)
    }

    private var isEmpty: Bool {
        !FileManager.default.fileExists(atPath: folder.url.appending(path: "out").path)
    }

    @Test("with files and folders below one another is unpacked")
    func good() throws {
        let names = try unpack([
            Entry(name: "a/", type: "5"), Entry(name: "a/b/c.txt", content: Data("one".utf8)),
            Entry(name: "a/d", content: Data(repeating: 7, count: 1000)),
        ])
        #expect(names == ["a/b/c.txt", "a/d"])
        let text = try String(
            contentsOf: folder.url.appending(path: "out/a/b/c.txt"), encoding: .utf8)
        #expect(text == "one")
    }

    @Test(
        "that would write elsewhere is refused, and nothing of it stays",
        arguments: [
            "/etc/x", "../x", "a/../../x", "a/..", "..", ".", "", "a//b", "./a", "a/./b",
            "a\\..\\b",
            "a\u{1B}[2Jb", "a\nb", String(repeating: "a/", count: 45) + "x",
        ])
    func names(name: String) {
        #expect(throws: BundleError.self) {
            try unpack([Entry(name: "a/first", content: Data("1".utf8)), Entry(name: name)])
        }
        #expect(isEmpty)
        #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "x").path))
    }

    @Test(
        "with links, devices or pipes is refused, also where a file comes through the link",
        arguments: [Character("1"), "2", "3", "4", "6"])
    func kinds(type: Character) throws {
        try folder.write("mine", to: "victim")
        let target = folder.url.path
        #expect(throws: BundleError.self) {
            try unpack([
                Entry(name: "a/link", type: type, target: target),
                Entry(name: "a/link/victim", content: Data("theirs".utf8)),
            ])
        }
        #expect(isEmpty)
        #expect(try String(contentsOf: folder.file("victim"), encoding: .utf8) == "mine")
    }

    @Test("with one name twice, also in other letters, is refused", arguments: ["a/x", "A/X"])
    func twice(name: String) {
        #expect(throws: BundleError.self) {
            try unpack([Entry(name: "a/x"), Entry(name: name)])
        }
    }

    @Test("with a file where a folder should be is refused")
    func fileAsFolder() {
        #expect(throws: BundleError.self) {
            try unpack([Entry(name: "a", content: Data("1".utf8)), Entry(name: "a/b")])
        }
    }

    @Test("that is too large, has too many files, or says more than it has is refused")
    func sizes() {
        let entry = Entry(name: "a/x", content: Data(count: 2000))
        var limits = ArchiveReader.Limits()
        limits.total = 1999
        #expect(throws: BundleError.self) { try unpack([entry], limits: limits) }
        limits = ArchiveReader.Limits()
        limits.files = 1
        #expect(throws: BundleError.self) {
            try unpack([entry, Entry(name: "a/y")], limits: limits)
        }
        #expect(throws: BundleError.self) {
            try unpack([Entry(name: "a/x", content: Data("1".utf8), size: 1 << 32)])
        }
        #expect(isEmpty)
    }

    @Test("that is none is refused", arguments: ["", "no archive", "PK\u{3}\u{4}"])
    func none(text: String) throws {
        try folder.write(text, to: "x.tar")
        #expect(throws: BundleError.self) {
            try ArchiveReader.unpack(
                folder.file("x.tar"), to: folder.url.appending(path: "out"))
        }
        #expect(isEmpty)
    }

    @Test("that is not compressed by Zstandard is refused")
    func plain() {
        #expect(throws: BundleError.self) {
            try unpack([Entry(name: "a/x", content: Data("1".utf8))], isCompressed: false)
        }
        #expect(isEmpty)
    }

    @Test(
        "has names beyond ASCII as any tar writes them, composed or not, whatever the user's locale",
        arguments: ["a/\u{FC}.txt", "a/u\u{308}.txt", "a/\u{6F22}\u{5B57}"])
    func letters(name: String) throws {
        // A record of PAX says its own length (POSIX.1-2001).
        let rest = " path=\(name)\n"
        let record = "\(rest.utf8.count + 2)" + rest
        let names = try unpack([
            Entry(name: "PaxHeader", content: Data(record.utf8), type: "x"),
            Entry(name: "a/short", content: Data("one".utf8)),
            Entry(name: "a/second", content: Data("two".utf8)),
        ])
        #expect(names.map { Array($0.utf8) } == [name, "a/second"].map { Array($0.utf8) })
        let file = folder.url.appending(path: "out").appending(path: name)
        #expect(try String(contentsOf: file, encoding: .utf8) == "one")
    }

    @Test("leads nowhere else by a name of PAX either", arguments: ["../\u{FC}", "/\u{FC}"])
    func lettersElsewhere(name: String) {
        let rest = " path=\(name)\n"
        let record = "\(rest.utf8.count + 2)" + rest
        #expect(throws: BundleError.self) {
            try unpack([
                Entry(name: "PaxHeader", content: Data(record.utf8), type: "x"),
                Entry(name: "a/short", content: Data("one".utf8)),
            ])
        }
        #expect(isEmpty)
    }

    @Test("whose names are no text is refused, by a header of either kind")
    func bytes() {
        for name in [
            Data([0x61, 0x2F, 0xFC, 0x62]), Data([0x61, 0x2F, 0xC0, 0xAE]), Data([0xFF]),
        ] {
            #expect(throws: BundleError.self, "\(Array(name))") {
                try unpack([
                    Entry(name: "a/first", content: Data("1".utf8)),
                    Entry(name: "", bytes: name, content: Data("2".utf8)),
                ])
            }
            #expect(isEmpty)
            let record =
                Data("15 path=".utf8) + Data([0x61, 0x2F, 0xFC, 0x62, 0x62, 0x62]) + Data("\n".utf8)
            #expect(throws: BundleError.self) {
                try unpack([
                    Entry(name: "PaxHeader", content: record, type: "x"), Entry(name: "a/short"),
                ])
            }
            #expect(isEmpty)
        }
    }

    /// A record of PAX says its own length (POSIX.1-2001).
    private func pax(_ keys: (String, String)..., type: Character = "x") -> Entry {
        var content = Data()
        for (key, value) in keys {
            let rest = " \(key)=\(value)\n"
            var length = rest.utf8.count
            while "\(length)".utf8.count + rest.utf8.count != length { length += 1 }
            content += Data("\(length)\(rest)".utf8)
        }
        return Entry(name: "PaxHeader", content: content, type: type)
    }

    @Test(
        "with extended headers that make something else of a file is refused", arguments: 0..<12)
    func extended(number: Int) throws {
        try folder.write("mine", to: "victim")
        let file = Entry(name: "a/x", content: Data("theirs".utf8))
        let victim = folder.url.appending(path: "victim").path
        let entries: [Entry] =
            switch number {
            case 0: [pax(("path", "../victim")), file]
            case 1: [pax(("path", victim)), file]
            // A size that no disk has; one below zero; more than there is.
            case 2: [pax(("size", "9223372036854775807")), file]
            case 3: [pax(("size", "-1")), file, Entry(name: "a/y", size: 1 << 32)]
            case 4: [pax(("size", "100000")), file]
            case 5: [pax(("linkpath", victim)), Entry(name: "a/x", type: "2")]
            case 6: [pax(("linkpath", victim)), Entry(name: "a/x", type: "1", target: "victim")]
            // Names of GNU tar: long ones, and one that claims to be longer than memory.
            case 7:
                [Entry(name: "././@LongLink", content: Data("../victim\0".utf8), type: "L"), file]
            case 8:
                [
                    Entry(
                        name: "././@LongLink", content: Data("x".utf8), type: "L",
                        size: 0o77777777777)
                ]
            // Files with holes, in the ways of GNU tar.
            case 9:
                [
                    pax(
                        ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"),
                        ("GNU.sparse.realsize", "99999999999999")), file,
                ]
            case 10:
                [
                    pax(
                        ("GNU.sparse.map", "0,1,9999999999999,1"),
                        ("GNU.sparse.size", "99999999999999")), file,
                ]
            // For all that follow.
            default: [pax(("path", "../victim"), type: "g"), file, Entry(name: "../victim")]
            }
        #expect(throws: BundleError.self) { try unpack(entries) }
        #expect(isEmpty)
        #expect(try String(contentsOf: folder.file("victim"), encoding: .utf8) == "mine")
    }

    @Test(
        "with folders or headers without number, or folders with content, is refused",
        arguments: 0..<3)
    func crowds(number: Int) {
        var limits = ArchiveReader.Limits()
        limits.files = 100
        let entries: [Entry] =
            switch number {
            case 0: (0..<101).map { Entry(name: "a/\($0)/", type: "5") }
            case 1: (0..<5000).map { _ in pax(("comment", "x")) } + [Entry(name: "a/x")]
            default:
                [
                    Entry(name: "a/", content: Data(repeating: 7, count: 4096), type: "5"),
                    Entry(name: "a/x"),
                ]
            }
        #expect(throws: BundleError.self) { try unpack(entries, limits: limits) }
        #expect(isEmpty)
    }

    @Test("goes into no folder that is there")
    func existing() throws {
        try folder.write("mine", to: "out/file")
        #expect(throws: BundleError.self) { try unpack([Entry(name: "a/x")]) }
        #expect(try String(contentsOf: folder.file("out/file"), encoding: .utf8) == "mine")
    }

    @Test("what is packed is unpacked, and the same files are the same bytes")
    func roundTrip() throws {
        let long = String(repeating: "l", count: 120)
        try folder.write("one", to: "in/a/ü \(long).txt")
        try folder.write("", to: "in/empty")
        let (first, second) = (
            folder.url.appending(path: "1.tar.zst"), folder.url.appending(path: "2.tar.zst")
        )
        try ArchiveWriter.pack(folder.url.appending(path: "in"), to: first)
        try folder.write("one", to: "in/a/ü \(long).txt")
        try ArchiveWriter.pack(folder.url.appending(path: "in"), to: second)
        let data = try Data(contentsOf: first)
        #expect(try data == Data(contentsOf: second))
        // The magic number of Zstandard, RFC 8878, 3.1.1.
        #expect(data.prefix(4) == Data([0x28, 0xB5, 0x2F, 0xFD]))
        let out = folder.url.appending(path: "out")
        #expect(try ArchiveReader.unpack(first, to: out) == ["in/a/ü \(long).txt", "in/empty"])
        // A part of it is none.
        try data.prefix(data.count / 2).write(to: first)
        #expect(throws: BundleError.self) {
            try ArchiveReader.unpack(first, to: folder.url.appending(path: "half"))
        }
    }
}
