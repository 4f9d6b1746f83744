import Acoustics
import Foundation
import SoundData
import TestSupport
import Testing

extension PublishedDataSetTests {
    /// Two rooms to learn from, one of them to validate by, and one to test in.
    func writeSTARSS23(_ train: String, test: String? = nil) throws {
        let files = [
            ("dev-train-tau/fold3_room4_mix001", train),
            ("dev-train-sony/fold3_room21_mix001", train),
            ("dev-test-tau/fold4_room2_mix001", test ?? train),
        ]
        for (index, (name, table)) in files.enumerated() {
            try folder.writeTone(
                "mic_dev/\(name).wav", seconds: 4, sampleRate: 24_000,
                frequency: Double(400 + index), channels: 4, amplitude: 0.1)
            try folder.write(table, to: "metadata_dev/\(name).csv")
        }
    }

    /// Frames of one sound: class, source, azimuth, elevation, distance in centimetres.
    func frames(_ range: ClosedRange<Int>, _ rest: String) -> String {
        range.map { "\($0),\(rest)\n" }.joined()
    }

    @Test("starss23: stretches of one source from one direction, split by fold and by room")
    func starss23() throws {
        // Speech from 1.0 to 2.5 s; a door from 2.0 s on covers its end and is alone from 2.5 to 3.1 s.
        try writeSTARSS23(
            frames(10...24, "0,0,-90,10,150") + frames(20...30, "7,0,30,-20,220"))
        let set = try load(.starss23)
        #expect(set.isSpatial && set.classes == ["Door, open or close", "Female speech"])
        #expect(set.clips.count == 6 && set.leftOut.isEmpty)
        #expect(
            Set(set.clips(for: .test).map(\.group)) == [
                "mic_dev/dev-test-tau/fold4_room2_mix001.wav"
            ])
        // A room validates as a whole.
        let rooms = [Split.training, .validation].map { Set(set.clips(for: $0).map(\.group)) }
        #expect(rooms.map(\.count) == [1, 1] && rooms[0].isDisjoint(with: rooms[1]))
        let speech = try #require(
            set.clips(for: .test).first { set.classes[$0.label] == "Female speech" })
        let door = try #require(
            set.clips(for: .test).first { set.classes[$0.label] != "Female speech" })
        guard case .segment(let first) = speech.source, case .segment(let second) = door.source
        else {
            Issue.record("not segments")
            return
        }
        #expect([first.start, first.end] == [1, 2])
        #expect([second.start, second.end] == [2.5, 3.1])
        #expect(abs(first.azimuth + .pi / 2) < 1e-12 && abs(first.elevation - .pi / 18) < 1e-12)
        #expect(abs(first.distance - 1.5) < 1e-12 && abs(second.distance - 2.2) < 1e-12)
        // Another share of rooms, or another seed, is drawn; the test stays.
        let channels = try ClipReader().loadChannels(speech)
        #expect(channels.count == 4 && channels.allSatisfy { $0.count == 16_000 })
    }

    @Test("starss23: of a source that moves, the longest stretch within ten degrees is taken")
    func starssMotion() throws {
        // Ten degrees a frame at first: nowhere long enough; then it stays at about 60 degrees.
        let moving = (0..<6).map { "\($0),1,0,\(10 * $0 - 100),0,100\n" }.joined()
        let staying = (6..<20).map { "\($0),1,0,\(56 + $0 % 8),0,100\n" }.joined()
        // Something that only moves.
        let passing = (30..<38).map { "\($0),6,2,\(15 * $0 - 600),0,300\n" }.joined()
        try writeSTARSS23(moving + staying + passing)
        let set = try load(.starss23)
        let clip = try #require(set.clips(for: .test).first)
        guard case .segment(let segment) = clip.source else {
            Issue.record("no segment")
            return
        }
        #expect([segment.start, segment.end] == [0.6, 2])
        #expect(abs(segment.azimuth * 180 / .pi - 59.5) < 1.5)
        #expect(set.leftOut.map(\.fault) == [.moving, .moving, .moving])
        #expect(
            set.leftOut[0].reason
                == "Walk, footsteps from 3.0 s to 3.8 s is not heard alone from one place for 0.5 s"
        )
    }

    @Test("starss23: of a source that comes nearer, the longest stretch within a fifth is taken")
    func starssApproach() throws {
        // From 3 m to 1.5 m, ten centimetres a frame; then it stays.
        let nearing = (0..<15).map { "\($0),1,0,20,0,\(300 - 10 * $0)\n" }.joined()
        let staying = (15..<30).map { "\($0),1,0,20,0,\(150 + $0 % 2)\n" }.joined()
        // Something that goes away too fast.
        let leaving = (40..<50).map { "\($0),6,2,0,0,\(100 + 40 * $0 - 1600)\n" }.joined()
        try writeSTARSS23(nearing + staying + leaving)
        let set = try load(.starss23)
        let clip = try #require(set.clips(for: .test).first)
        guard case .segment(let segment) = clip.source else {
            Issue.record("no segment")
            return
        }
        // 180 cm, where the fifth begins, are those of frame 12.
        #expect([segment.start, segment.end] == [1.2, 3])
        #expect(abs(segment.distance - 1.55) < 0.03)
        #expect(set.leftOut.map(\.fault) == [.moving, .moving, .moving])
    }

    @Test("starss23, tau2019: events that go on beyond the end of the recording are counted")
    func beyond() throws {
        // Recordings of 4 s; a tenth of a second may be begun.
        try writeSTARSS23(
            frames(0...9, "0,0,0,0,100") + frames(20...40, "1,0,90,0,100"),
            test: frames(0...9, "0,0,0,0,100") + frames(20...60, "1,0,90,0,100")
                + frames(70...80, "1,0,90,0,100"))
        let set = try load(.starss23)
        #expect(set.leftOut.map(\.fault) == [.mismatch, .mismatch])
        #expect(
            set.leftOut.map(\.reason) == [
                "it ends at 4.0 s, before the event from 2.0 s to 6.1 s does",
                "it ends at 4.0 s, before the event at 7.0 s",
            ])
        #expect(set.clips.count == 5)
    }

    @Test("starss23: what is too short or sounds with others is counted, as in tau2019")
    func starssDropped() throws {
        try writeSTARSS23(
            frames(0...3, "12,0,0,0,100") + frames(10...19, "0,0,0,0,100")
                + frames(10...19, "0,1,90,0,100") + frames(25...31, "8,0,0,0,100"))
        let set = try load(.starss23)
        #expect(set.classes == ["Music"])
        let own = set.leftOut.filter { $0.path.hasPrefix("mic_dev/dev-test") }
        #expect(own.map(\.fault) == [.short, .overlapped, .overlapped])
        #expect(own[0].reason == "Knock from 0.0 s to 0.4 s is shorter than 0.5 s")
    }

    @Test("starss23: nonsense is one line with its place, tables without distances are too")
    func starssTables() throws {
        let place = "DIR/metadata_dev/dev-test-tau/fold4_room2_mix001.csv"
        for (row, wanted) in [
            ("0,13,0,0,0,100", "class is '13', but must be a whole number from 0 to 12"),
            ("-1,0,0,0,0,100", "frame is '-1', but must be a whole number from 0 to 10000000"),
            ("0,0,0,left,0,100", "azimuth is 'left', but must be a number"),
            (
                "0,0,0,0,0",
                "5 fields, but must have 6: frame, class, source, azimuth, elevation, distance; five are "
                    + "those of STARSS22, which has no distances: take the metadata of STARSS23"
            ),
            (
                "0,0,0,0,0,1,2",
                "7 fields, but must have 6: frame, class, source, azimuth, elevation, distance"
            ),
            (
                "0,0,0,361,0,100",
                "azimuth is '361', but must be from -360 to 360 degrees; correct the line, or take it out"
            ),
            (
                "0,0,0,0,-90.5,100",
                "elevation is '-90.5', but must be from -90 to 90 degrees; correct the line, or take it out"
            ),
            (
                "0,0,0,0,0,-3",
                "distance is '-3', but must be from 1 to 10000 centimetres; correct the line, or take it out"
            ),
            (
                "0,0,0,0,0,0",
                "distance is '0', but must be from 1 to 10000 centimetres; correct the line, or take it out"
            ),
            (
                "0,0,0,0,0,1e9",
                "distance is '1e9', but must be from 1 to 10000 centimetres; correct the line, or take it "
                    + "out"
            ),
        ] {
            try writeSTARSS23(frames(0...9, "0,0,0,0,100"), test: row + "\n")
            #expect(message { try load(.starss23) } == "\(place):1: \(wanted)")
        }
        #expect(
            message { try load(.starss23, path: "mic_dev") }
                == "'DIR/mic_dev' is not laid out like starss23: 'mic_dev' is missing; data.path must name "
                + "the folder that holds it")
    }
}
