import Bridges
import Foundation
import ResultsStore
import TestSupport
import Testing

/// What TensorBoard itself reads in such files is checked by Tests/Bridges/check.sh.
@Suite("A sweep as event files")
struct TensorBoardExportTests {
    private let toys: StoredToys

    init() throws { toys = try StoredToys() }

    @discardableResult
    private func export() throws -> ExportSummary {
        try SweepExport("toys", to: .tensorboard, output: toys.path("runs"))
            .write(from: toys.store, drawsFigures: false).summary
    }

    private func file(_ run: String) throws -> URL {
        let folder = URL(filePath: toys.path("runs/" + run))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.contains("tfevents") }
        #expect(names.count == 1)
        return folder.appending(path: names[0])
    }

    @Test("checksums are CRC-32C, each record in its frame")
    func checksum() {
        // RFC 3720, B.4, and the check value of the catalogue of CRCs.
        #expect(RecordFile.checksum(Data(repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(RecordFile.checksum(Data(repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(RecordFile.checksum(Data("123456789".utf8)) == 0xE306_9283)
        let framed = RecordFile.framed(Data("abc".utf8)) + RecordFile.framed(Data())
        #expect(framed.count == 19 + 16)
        let (records, end) = RecordFile.records(of: framed + Data([3, 0, 0]))
        #expect(records == [Data("abc".utf8), Data()] && end == framed.count)
        var damaged = framed
        damaged[13] ^= 1
        #expect(RecordFile.records(of: damaged).records.isEmpty)
    }

    @Test("a length that no file has ends the records, and nothing is read behind it")
    func hostileLength() {
        var header = Data(repeating: 0xFF, count: 8)
        header += Data(repeating: 0, count: 40)
        #expect(RecordFile.records(of: header).end == 0)
    }

    @Test("a trial is a run: hyperparameters, its curve by step, its figures, its end")
    func run() throws {
        try toys.finish(4)
        #expect(try export().written == 4)
        let events = try EventFile(file("2 size 1, bonus 0.5/seed 1")).events
        #expect(events[0].version == "brain.Event:2")
        let scalars = events.filter { $0.value != nil }
        #expect(
            scalars.map(\.tag) == [
                "score/loss", "score/loss", "score/loss", "figures/chance_points",
                "figures/score_points",
            ])
        #expect(scalars.map(\.value) == [2.5, .infinity, 0.1, 5, 11.5])
        #expect(scalars.prefix(3).map(\.step) == [1, 2, 4])
        // A half of the way, a half of the eight seconds.
        #expect(scalars[1].time == StoredToys.begin + 300 + 4)
        let tags = events.map(\.tag).filter { $0.hasPrefix("_hparams_") }
        #expect(tags == ["_hparams_/session_start_info", "_hparams_/session_end_info"])
        let start = try #require(events.first { $0.tag.hasSuffix("start_info") })
        for text in ["size", "bonus", "seed", "2 size 1, bonus 0.5"] {
            #expect(start.content.range(of: Data(text.utf8)) != nil, "\(text)")
        }
    }

    @Test(
        "what single precision has no number for is left out and said, not written as infinite or zero"
    )
    func singlePrecision() throws {
        let stage = try #require(
            toys.stages(of: toys.registration.trials[0]).first { $0.kind == "score" })
        try toys.finish(
            stage,
            StageResult(
                metrics: ["score_points": 1e308],
                curves: [
                    "loss": [
                        CurvePoint(step: 1, value: -1e39), CurvePoint(step: 2, value: 1e-300),
                        CurvePoint(step: 3, value: 1e-40), CurvePoint(step: 4, value: .infinity),
                        CurvePoint(step: 5, value: 3.4e38), CurvePoint(step: 6, value: 0),
                    ]
                ]))
        try toys.finish(1)
        let summary = try export()
        #expect(
            summary.remarks == [
                "3 values are left out, such as score/loss of 1 size 1, bonus 0/seed 0, -1e+39: TensorBoard keeps "
                    + "single precision, from 1.4e-45 to 3.4e38; '--to csv' has all digits"
            ])
        let scalars = try EventFile(file("1 size 1, bonus 0/seed 0")).events
            .filter { $0.value != nil }
        #expect(scalars.map(\.step) == [3, 4, 5, 6, 0])
        #expect(scalars.map(\.value) == [1e-40, .infinity, 3.4e38, 0, 5])
    }

    @Test("files grow at their end alone, also behind what a process that died has left")
    func incremental() throws {
        try toys.finish(1)
        try export()
        let file = try file("1 size 1, bonus 0/seed 0")
        let whole = try Data(contentsOf: file)
        #expect(try export().written == 0)
        #expect(try Data(contentsOf: file) == whole)
        try whole.dropLast(7).write(to: file)
        #expect(try export().written == 1)
        #expect(try Data(contentsOf: file) == whole)
    }

    @Test("a file that says something else gives way to one whose name is behind its own")
    func replaced() throws {
        try toys.finish(1)
        try export()
        let first = try file("1 size 1, bonus 0/seed 0")
        var data = try Data(contentsOf: first)
        data = RecordFile.framed(RecordFile.records(of: data).records[2])
        try data.write(to: first)
        try export()
        let second = try file("1 size 1, bonus 0/seed 0")
        #expect(second.lastPathComponent > first.lastPathComponent)
        #expect(try EventFile(second).events.count > 3)
    }

    @Test("rows whose labels a file system does not take have runs of their own")
    func names() throws {
        try toys.finish(8)
        _ = try SweepExport("toys", to: .tensorboard, output: toys.path("runs"))
            .write(from: toys.store, drawsFigures: false)
        let rows = try FileManager.default.contentsOfDirectory(atPath: toys.path("runs"))
            .filter { !$0.hasPrefix(".") && !$0.hasPrefix("events") }
        #expect(rows.count == 4)
        #expect(ExportFolder.name("a/b\\c\n:d") == "a_b_c__d")
    }
}

/// An event file, read by what the format says and not by what wrote it.
private struct EventFile {
    struct Event {
        var time = 0.0
        var step = 0
        var version = ""
        var tag = ""
        var value: Float?
        var content = Data()
    }

    var events: [Event] = []

    init(_ url: URL) throws {
        for record in RecordFile.records(of: try Data(contentsOf: url)).records {
            var event = Event()
            for field in Self.fields(record) {
                switch field.number {
                case 1: event.time = Double(bitPattern: field.integer)
                case 2: event.step = Int(field.integer)
                case 3: event.version = String(decoding: field.bytes, as: UTF8.self)
                case 5:
                    for value in Self.fields(field.bytes).flatMap({ Self.fields($0.bytes) }) {
                        if value.number == 1 {
                            event.tag = String(decoding: value.bytes, as: UTF8.self)
                        }
                        if value.number == 2 {
                            event.value = Float(bitPattern: UInt32(value.integer))
                        }
                        if value.number == 9 { event.content = value.bytes }
                    }
                default: break
                }
            }
            events.append(event)
        }
    }

    private static func fields(_ data: Data) -> [(number: Int, integer: UInt64, bytes: Data)] {
        var rest = [UInt8](data)[...]
        func variable() -> UInt64 {
            var (value, shift) = (UInt64(0), UInt64(0))
            while let byte = rest.popFirst() {
                value |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { break }
                shift += 7
            }
            return value
        }
        func fixed(_ count: Int) -> UInt64 {
            (0..<count).reduce(0) { $0 | UInt64(rest.popFirst() ?? 0) << UInt64(8 * $1) }
        }
        var fields: [(number: Int, integer: UInt64, bytes: Data)] = []
        while !rest.isEmpty {
            let key = variable()
            switch key & 7 {
            case 0: fields.append((Int(key >> 3), variable(), Data()))
            case 1: fields.append((Int(key >> 3), fixed(8), Data()))
            case 5: fields.append((Int(key >> 3), fixed(4), Data()))
            default:
                let length = Int(variable())
                fields.append((Int(key >> 3), 0, Data(rest.prefix(length))))
                rest = rest.dropFirst(length)
            }
        }
        return fields
    }
}
