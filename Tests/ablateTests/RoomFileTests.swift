import Foundation
import TestSupport
import Testing

@Suite("Rooms of files, from the command line")
struct RoomFileTests {
    private let program: Program

    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "RoomFilesTests/Fixtures")

    init() throws {
        program = try Program()
        for (name, other) in [
            ("room", "room"), ("head", "head"), ("hostile/not-a-number", "bad"),
            ("hostile/external-link", "link"),
        ] {
            try FileManager.default.copyItem(
                at: Self.fixtures.appending(path: name + ".sofa"),
                to: program.folder.url.appending(path: other + ".sofa"))
        }
    }

    @Test("data info says what a file holds, and its array as a sweep file has it")
    func info() throws {
        let outcome = try program.shell("$A data info room.sofa")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(
            outcome.output.hasPrefix(
                """
                rooms: 10 impulse responses from 10 places at 4 microphones, SingleRoomSRIR, room.sofa
                  room.sofa: SingleRoomSRIR 'Impulses at a circle', 10 responses of 0.016 s at 16000 Hz

                """), "\(outcome.output)")
        #expect(
            outcome.output.contains(
                "  array: {positions: [[0.05, 0.0, 0.0], [0.0, 0.05, 0.0], [-0.05, 0.0, 0.0], "
                    + "[0.0, -0.05, 0.0]]}\n"))
        #expect(
            outcome.output.hasSuffix(
                "under rooms: 6 responses for training, 2 responses for validation, 2 responses for test\n"
            ))
        let folder = try program.shell(
            "mkdir heads; mv head.sofa heads; $A data info sofa --path heads")
        #expect(folder.code == 0 && folder.output.contains("the microphones are on a head"))
        #expect(
            folder.output.contains(
                "  under evaluation_rooms: 8 of 13 responses, those from azimuth -90 to 90°: the "))
        // A folder of them says by itself what it is.
        let named = try program.shell("$A data info heads")
        #expect(named.code == 0 && named.output == folder.output, "\(named.errors)")
        let other = try program.shell("mkdir empty; $A data info empty")
        #expect(other.code == 2 && other.errors.contains("data.source is 'empty', but must be"))
    }

    @Test("a file that cannot be used is one line with its name, and leaves nothing behind")
    func refused() throws {
        for (file, reason) in [
            ("bad.sofa", "response 1 at receiver 1 has the sample nan, which is no sound"),
            (
                "link.sofa",
                "its Data.IR is a link to another place, which is not followed; write it into the file"
            ),
            ("nowhere.sofa", "there is no such file; give one"),
        ] {
            let outcome = try program.shell(
                "TMPDIR=$PWD $A data info \(file); ls | grep -c ablate-rooms")
            #expect(outcome.output == "0\n")
            #expect(outcome.errors == "ablate: '\(file)' cannot be used: \(reason)\n")
        }
        #expect(try program.shell("$A data info bad.sofa").code == 2)
    }

    @Test("damage anywhere in a file ends in a room or in a line, never in a signal or a hang")
    func damaged() throws {
        let whole = try Data(contentsOf: Self.fixtures.appending(path: "room.sofa"))
        let file = program.folder.url.appending(path: "damaged.sofa")
        for step in 0..<24 {
            var bytes = whole
            if step % 3 == 0 {
                bytes = bytes.prefix(1 + bytes.count * step / 24)
            } else {
                // Close to the beginning, where the structure is.
                for part in 0..<8 {
                    let place = (step * 977 + part * 131) % (step % 2 == 0 ? 4096 : bytes.count)
                    bytes[place] ^= UInt8(truncatingIfNeeded: 1 + step * 37 + part * 11)
                }
            }
            try bytes.write(to: file)
            let outcome = try program.shell("timeout 60 $A data info damaged.sofa")
            #expect([0, 2].contains(outcome.code), "step \(step): \(outcome.code)")
            let lines = outcome.errors.split(separator: "\n")
            #expect(lines.count == (outcome.code == 0 ? 0 : 1), "step \(step): \(outcome.errors)")
        }
    }

    @Test("a sweep in a file's rooms runs, and its table says so")
    func run() throws {
        try program.folder.write(
            """
            name: rooms
            data: {clips: 40, classes: 3}
            base:
              encoder: {channels: [4, 4, 4], recurrent_units: 4}
              feature_pooling: 2
              pretraining_steps: 2
              batch_size: 4
              recording_seconds: 1.4
            parameters:
              augmentations: [[], [channel_swap]]
            seeds: [0]
            evaluation: [probe]
            rooms: {source: sofa, path: room.sofa}

            """, to: "x/rooms.yaml")
        let outcome = try program.shell(
            "mv room.sofa x; $A run x/rooms.yaml --results r --quiet 2>errors; cat errors")
        #expect(outcome.code == 0, "\(outcome.output)")
        #expect(outcome.output.contains("room.sofa holds (SOFA)"))
        // Tables need the file no more.
        let table = try program.shell("rm x/room.sofa; $A table rooms --results r")
        #expect(table.code == 0 && table.output.contains("room.sofa holds"))
        // A plan does, and says so.
        let plan = try program.shell("$A plan x/rooms.yaml --results r")
        #expect(plan.code == 2)
        #expect(
            plan.errors.contains(
                "/x, the folder of the sweep file, to which the path is relative; give a SOFA file")
        )
    }
}
