import Acoustics
import Digests
import Foundation
import MCSimCLRStudy
import Reports
import ResultsStore
import SoundData
import Studies
import Sweeps
import TestSupport
import Testing

/// Sweeps whose clips are heard in rooms that a file has.
@Suite("Rooms of a sweep file", .serialized)
struct RoomsSectionTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "RoomFilesTests/Fixtures")

    private static let text = """
        name: tiny
        data: {source: builtin, clips: 40, classes: 3}
        base:
          encoder: {channels: [4, 4, 4], recurrent_units: 4}
          feature_pooling: 2
          pretraining_steps: 2
          finetuning_steps: 2
          batch_size: 4
          recording_seconds: 1.4
          spatialisations: 2
          test_spatialisations: 1

        """
    private static let evaluation = "evaluation: [mean, raw, probe, finetune]\n"

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["head", "room", "speakers", "hostile/huge-chunk"] {
            try FileManager.default.copyItem(
                at: Self.fixtures.appending(path: name + ".sofa"),
                to: folder.url.appending(path: name.split(separator: "/").last! + ".sofa"))
        }
    }

    private func session(_ text: String, _ overrides: [String] = []) throws -> SweepSession {
        let file = folder.url.appending(path: "tiny.yaml")
        try Data(text.utf8).write(to: file)
        return try SweepSession(path: file.path, overrides: overrides, catalogue: .builtin)
    }

    private func fault(_ section: String, base: String = "", _ overrides: [String] = []) -> String {
        do {
            _ = try session(Self.text + base + section, overrides)
            return "none"
        } catch let error as SweepFaults {
            return error.faults.map(\.description).joined(separator: "\n")
                .replacing(folder.url.path + "/", with: "")
        } catch {
            return "\(error)".replacing(folder.url.path + "/", with: "")
        }
    }

    private func digests(_ session: SweepSession) -> [String: Digest] {
        Dictionary(
            session.stages.stages.map { ($0.kind, $0.id) }, uniquingKeysWith: { first, _ in first })
    }

    @Test("a sweep runs in the rooms of a file, beside the sweep file, with the file's array")
    func runs() throws {
        let found = try TinySweep(
            Self.text + Self.evaluation + "rooms: {source: sofa, path: room.sofa}\n", in: folder)
        #expect(found.trials.allSatisfy { $0.status == .finished })
        let scenes = try #require(found.stage(.scenes))
        let bank = try RecordingBank.open(
            folder.url.appending(path: "results/cache/scenes/\(scenes.digest).bank"), expecting: nil
        )
        #expect(bank.microphones == 4)
        #expect(bank.settings.rooms?.division == .three)
        let test = try #require(found.stage(.testScenes))
        let tested = try RecordingBank.open(
            folder.url.appending(path: "results/cache/scenes/\(test.digest).bank"), expecting: nil)
        let places = [bank, tested].map { bank in Set(bank.recordings.map(\.azimuth)) }
        #expect(places[0].isDisjoint(with: places[1]))
        // Tables say it, from the store alone.
        let table = try SweepTable.make("tiny", from: found.reading)
        #expect(
            table.notes.contains {
                $0.contains("rooms: not simulated here, but impulse responses that room.sofa holds")
            }, "\(table.notes)")
    }

    @Test("a head's file gives two microphones, on which every augmentation works")
    func head() throws {
        let found = try TinySweep(
            Self.text + Self.evaluation + "rooms: {path: head.sofa}\n", in: folder)
        #expect(found.trials.allSatisfy { $0.status == .finished })
    }

    @Test("evaluation_rooms changes the test scenes and what is judged, and not what is learnt")
    func evaluationRooms() throws {
        let array =
            "  array: {positions: [[0.05, 0, 0], [0, 0.05, 0], [-0.05, 0, 0], [0, -0.05, 0]]}\n"
        let text = Self.text + array + "  rt60: 0.1\n" + Self.evaluation
        let section = "evaluation_rooms: {source: sofa, path: room.sofa}\n"
        let (plain, tested) = (digests(try session(text)), digests(try session(text + section)))
        #expect(plain["scenes"] == tested["scenes"] && plain["pretrain"] == tested["pretrain"])
        for kind in ["test_scenes", "raw", "probe", "finetune", "mean"] {
            #expect(plain[kind] != tested[kind], "\(kind)")
        }
        let found = try TinySweep(text + section, in: folder)
        #expect(found.trials.allSatisfy { $0.status == .finished })
        // All ten places serve the test.
        let test = try #require(found.stage(.testScenes))
        let bank = try RecordingBank.open(
            folder.url.appending(path: "results/cache/scenes/\(test.digest).bank"), expecting: nil)
        #expect(bank.settings.rooms?.division == .whole)
        #expect(bank.recordings.allSatisfy { $0.reverberationTime == nil })
    }

    @Test(
        "what learnt with two microphones in simulated rooms is tested at a head's ears, in front of it",
        arguments: ["head", "speakers"])
    func headOfEvaluation(_ name: String) throws {
        let text =
            Self.text + "  array: {positions: [[0, 0.09, 0], [0, -0.09, 0]]}\n  rt60: 0.1\n"
            + Self.evaluation
            + "evaluation_rooms: {source: sofa, path: \(name).sofa}\n"
        let found = try TinySweep(text, in: folder)
        #expect(found.trials.allSatisfy { $0.status == .finished })
        let banks = try [StageKind.scenes, .testScenes].map { kind in
            let digest = try #require(found.stage(kind)).digest
            return try RecordingBank.open(
                folder.url.appending(path: "results/cache/scenes/\(digest).bank"), expecting: nil)
        }
        #expect(banks[0].settings.rooms == nil && banks[0].settings.array.isOnHead == nil)
        #expect(banks[1].settings.rooms?.division == .side)
        for bank in banks {
            #expect(bank.microphones == 2)
            #expect(bank.recordings.allSatisfy { abs($0.azimuth) <= .pi / 2 + 1e-6 })
        }
        // Learnt on both sides of the middle: the order of the microphones is the file's.
        #expect(Set(banks[0].recordings.map { $0.azimuth > 0 }) == [true, false])
        let sounds = try #require(try session(text).prepared as? PreparedSounds)
        #expect(
            sounds.overview.contains {
                $0.hasPrefix("evaluation_rooms: ")
                    && $0.contains("those from azimuth -90 to 90°: the microphones are on one line")
            }, "\(sounds.overview)")
    }

    @Test("a file whose sources are all on the other side of its line has nothing to test by")
    func nothingInFront() throws {
        try FileManager.default.copyItem(
            at: Self.fixtures.appending(path: "behind.sofa"),
            to: folder.url.appending(path: "behind.sofa"))
        #expect(
            fault(
                "evaluation_rooms: {path: behind.sofa}\n",
                base: "  array: {positions: [[0, 0.05, 0], [0, -0.05, 0]]}\n")
                == "tiny.yaml:13:26: evaluation_rooms: the microphones of behind.sofa are on one line, which "
                + "hears both of its sides alike, so that simulated rooms have sources from azimuth -90 to "
                + "90° alone, and none of its 4 places is among these; give a file with sources there, or "
                + "name it under rooms")
        // Learnt in the file's own rooms, they have the side that they have.
        #expect(fault("rooms: {path: behind.sofa}\n") == "none")
    }

    @Test("with both, places are divided between training and validation alone")
    func both() throws {
        let session = try session(
            Self.text + "rooms: {path: head.sofa}\nevaluation_rooms: {path: speakers.sofa}\n")
        let sounds = try #require(session.prepared as? PreparedSounds)
        let settings = TrialSettings(session.plan.rows[0].settings, rooms: sounds.rooms)
        #expect(settings.bank.rooms?.division == .two)
        #expect(settings.testBank.rooms?.division == .whole)
        #expect(settings.bank.rooms?.content != settings.testBank.rooms?.content)
        #expect(settings.bank.array.count == 2)
    }

    @Test("what the file holds names the stages, not what it is called")
    func content() throws {
        let text = Self.text + "rooms: {path: room.sofa}\n"
        let first = digests(try session(text))
        try FileManager.default.moveItem(
            at: folder.url.appending(path: "room.sofa"),
            to: folder.url.appending(path: "other.sofa"))
        let renamed = digests(try session(text, ["rooms.path=other.sofa"]))
        #expect(first == renamed)
        let other = digests(try session(text, ["rooms.path=head.sofa"]))
        #expect(first.allSatisfy { other[$0.key] != $0.value })
    }

    @Test(
        "settings that the file has by itself are refused, with the line and the reason",
        arguments: [
            (
                "  rt60: 0.3\n",
                "tiny.yaml:12:9: rt60 is [0.3, 0.3], but rooms names a file, which decays as it does; leave "
                    + "rt60 out"
            ),
            (
                "  microphones: 4\n",
                "tiny.yaml:12:16: microphones is 4, but rooms names a file, which has its own array; leave "
                    + "microphones out"
            ),
            (
                "  array: tetrahedral\n",
                "tiny.yaml:12:10: array is tetrahedral, but rooms names a file, which has its own array; "
                    + "leave array out"
            ),
            (
                "  simulation: hybrid\n",
                "tiny.yaml:12:15: simulation is hybrid, but rooms names a file, in which nothing is "
                    + "simulated; leave simulation out"
            ),
            (
                "  source_motion: arc\n",
                "tiny.yaml:12:18: source_motion is arc, but a response of rooms is of one source, which "
                    + "stays where it is; leave source_motion out"
            ),
            (
                "  overlap: 2\n",
                "tiny.yaml:12:12: overlap is 2, but a response of rooms is of one source, which stays where "
                    + "it is; leave overlap out"
            ),
            (
                "  evaluation_rt60: 0.3\n",
                "tiny.yaml:12:20: evaluation_rt60 is [0.3, 0.3], but rooms names a file, which decays as it "
                    + "does; leave evaluation_rt60 out"
            ),
            (
                "  probe_targets: [class, azimuth, volume]\n",
                "tiny.yaml:12:18: probe_targets is [class, azimuth, volume], but the volume of the rooms of "
                    + "rooms is not known; leave volume out"
            ),
            (
                "  probe_targets: all\n",
                "tiny.yaml:12:18: probe_targets is [class, azimuth, elevation, distance, rt60, volume, "
                    + "aspect], but the rt60, volume and aspect of the rooms of rooms are not known; leave "
                    + "them out"
            ),
        ])
    func refused(_ line: String, _ wanted: String) {
        #expect(fault("rooms: {path: room.sofa}\n", base: line) == wanted)
    }

    @Test("what is wrong with the section or the file is one line that says so")
    func faults() {
        #expect(
            fault("rooms: {source: sofa}\n")
                == "tiny.yaml:12:8: rooms has no path; write rooms: {source: sofa, path: FILE}, a SOFA file "
                + "or a folder of them, or give it with -S rooms.path=FILE")
        #expect(
            fault("rooms: {source: wav, path: x}\n")
                == "tiny.yaml:12:17: rooms.source is wav, but must be sofa")
        #expect(
            fault("rooms: {path: nowhere.sofa}\n").hasPrefix(
                "tiny.yaml:12:15: rooms: there is no 'nowhere.sofa' in /"))
        #expect(
            fault("rooms: {path: nowhere.sofa}\n").hasSuffix(
                ", the folder of the sweep file, to which the path is relative; give a SOFA file or a "
                    + "folder of them"))
        // There when looked for from here, as a shell completes it.
        let here = FileManager.default.currentDirectoryPath
        #expect(
            fault("rooms: {path: Package.swift}\n").hasSuffix(
                "to which the path is relative; write \(here)/Package.swift"))
        #expect(
            fault("rooms: {path: huge-chunk.sofa}\n")
                == "tiny.yaml:12:15: rooms: 'huge-chunk.sofa' cannot be used: its Data.IR is kept in pieces "
                + "of more than a gigabyte")
        #expect(
            fault("rooms: {path: room.sofa}\nevaluation_rooms: {path: room.sofa}\n")
                == "tiny.yaml:13:26: evaluation_rooms has the responses of rooms, room.sofa; leave evaluation_rooms out: "
                + "places are kept for the test anyway")
        #expect(
            fault("rooms: {path: room.sofa}\nevaluation_rooms: {path: head.sofa}\n")
                == "tiny.yaml:13:26: evaluation_rooms has 2 microphones, not 4, as rooms has it; both must "
                + "have one array")
        let overridden = fault("rooms: {path: null}\n", ["rooms.path=huge-chunk.sofa"])
        #expect(
            overridden.hasPrefix("-S rooms.path=huge-chunk.sofa: rooms: 'huge-chunk.sofa' "),
            "\(overridden)")
        #expect(
            fault("rooms: {path: head.sofa}\n", base: "  noise: diffuse\n")
                == "tiny.yaml:12:10: noise is diffuse, but its coherence at the ears of a head, as the "
                + "rooms' files have them, is not known; write noise: sensor")
    }

    @Test("an array other than that of evaluation_rooms is refused, with both")
    func otherArray() {
        #expect(
            fault("evaluation_rooms: {path: room.sofa}\n", base: "  array_diameter: 0.12\n")
                == "tiny.yaml:12:19: the array of evaluation_rooms is not that of array, microphones and "
                + "array_diameter: it has microphone 0 at [0.05, 0.0, 0.0], not at [0.06, 0.0, 0.0]; write "
                + "array: {positions: [[0.05, 0.0, 0.0], [0.0, 0.05, 0.0], [-0.05, 0.0, 0.0], "
                + "[0.0, -0.05, 0.0]]}")
        // The default is that array.
        #expect(fault("evaluation_rooms: {path: room.sofa}\n") == "none")
        #expect(
            fault("evaluation_rooms: {path: room.sofa}\n", base: "  microphones: 3\n")
                .contains("it has 4 microphones, not 3"))
    }

    @Test("what is wrong with an array's count of places is told before anything runs")
    func fewPlaces() throws {
        let text = Self.text + "rooms: {path: few.sofa}\n"
        try FileManager.default.copyItem(
            at: Self.fixtures.appending(path: "hostile/plain.sofa"),
            to: folder.url.appending(path: "few.sofa"))
        // Four places: enough.
        _ = try session(text)
    }

    @Test("a store knows a sweep's rooms, and a file without any is the study that it always was")
    func stored() throws {
        let session = try session(Self.text + "rooms: {path: room.sofa}\n")
        let definition = try #require(session.study.definition)
        let again = try BuiltinStudy().defined(byStored: definition)
        #expect(again.definition == definition)
        #expect(BuiltinStudy().definition == nil)
        #expect(try BuiltinStudy().defined(byStored: "[]").definition == nil)
    }
}
