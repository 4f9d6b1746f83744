import Acoustics
import Foundation
import RoomFiles
import SoundData
import TestSupport
import Testing

@Suite("Rooms whose impulse responses a file has")
struct RoomResponsesTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "RoomFilesTests/Fixtures")

    /// An impulse at each of two microphones, from places on a circle.
    private func room(
        places: Int = 12, rate: Int = 16_000, impulses: (Int, Int) = (0, 3),
        delays: [Double] = [], convention: RoomFile.Convention = .singleRoomSRIR,
        microphones: [SIMD3<Double>] = [[0, 0.05, 0], [0, -0.05, 0]]
    ) -> RoomFile {
        var samples = [Float](repeating: 0, count: places * 2 * 64)
        for place in 0..<places {
            samples[place * 128 + impulses.0] = 1
            samples[place * 128 + 64 + impulses.1] = 1
        }
        return RoomFile(
            convention: convention, sampleRate: rate, microphones: microphones,
            sources: (0..<places).map { place in
                let angle = 2 * Double.pi * Double(place) / Double(places)
                return SIMD3(cos(angle), sin(angle), 0) * 2
            }, delays: delays, sampleCount: 64, samples: samples)
    }

    private func responses(_ room: RoomFile) throws -> RoomResponses {
        try RoomResponses([(URL(filePath: "x.sofa"), room)], sampleRate: 16_000)
    }

    private func settings(_ rooms: RoomResponses, _ division: RoomDivision) -> BankSettings {
        var scene = SceneSettings()
        scene.signalToNoise = 200...200
        var settings = BankSettings(
            minimumSeconds: 0.5, maximumSeconds: 0.5,
            spatialisations: SpatialisationCounts(training: 3, validation: 1, test: 2),
            array: rooms.array, scene: scene)
        settings.rooms = RoomSelection(content: rooms.content, division: division)
        return settings
    }

    private func bank(
        _ rooms: RoomResponses, _ division: RoomDivision = .three, seed: UInt64 = 0,
        threads: Int = 1
    ) throws -> RecordingBank {
        let folder = try TemporaryFolder()
        let data = try SoundDataSet.load(DataSettings(clips: 40, classes: 4))
        var settings = settings(rooms, division)
        settings.seed = seed
        return try RecordingBank.build(
            data, settings, rooms: rooms, at: folder.url.appending(path: "bank"),
            threads: threads)
    }

    @Test("an impulse gives the clip back, at each microphone as much later as the impulse is")
    func impulse() throws {
        let bank = try bank(try responses(room(impulses: (0, 3))))
        for (index, recording) in bank.recordings.enumerated() {
            let samples = bank.read(index)
            let (first, second) = (
                samples[..<recording.sampleCount], samples[recording.sampleCount...]
            )
            // 16 bits of the peak.
            let step = 3 * recording.scale
            for sample in 3..<recording.sampleCount {
                #expect(abs(second[recording.sampleCount + sample] - first[sample - 3]) <= step)
            }
            #expect(abs(second[recording.sampleCount]) <= step)
            // The level of a clip: nothing is added, nothing taken away.
            let energy = first.reduce(0) { $0 + $1 * $1 } / Float(recording.sampleCount)
            #expect(abs(energy.squareRoot() - 0.1) < 0.001)
        }
    }

    @Test("parts of a sample of delay are heard, and other sample rates change no time")
    func delays() throws {
        // 48 kHz: three samples are one; the second microphone hears it 10.5 samples later.
        let delays = (0..<12).flatMap { _ in [6.0, 6.0 + 31.5] }
        let rooms = try responses(room(rate: 48_000, impulses: (0, 0), delays: delays))
        let response = rooms.response(0)
        // How much later than that a sine comes, by the phase of the spectrum there.
        func late(_ channel: Int, than wanted: Double, hertz: Double) -> Double {
            let step = 2 * Double.pi * hertz / 16_000
            var (real, imaginary) = (0.0, 0.0)
            for (index, sample) in response.channel(channel).enumerated() {
                let phase = step * (Double(index) - Double(rooms.latency) - wanted)
                real += Double(sample) * cos(phase)
                imaginary -= Double(sample) * sin(phase)
            }
            return -atan2(imaginary, real) / step
        }
        for hertz in [500.0, 1000, 4000] {
            #expect(abs(late(0, than: 2, hertz: hertz)) < 0.005, "\(hertz)")
            #expect(abs(late(1, than: 12.5, hertz: hertz)) < 0.005, "\(hertz)")
        }
        // As a filter it lets through what it let through at its own rate.
        let gain = response.channel(0).reduce(0, +) / response.channel(1).reduce(0, +)
        #expect(abs(gain - 1) < 0.01)
    }

    @Test("one factor brings the energies of all responses to a mean of 1")
    func level() throws {
        var loud = room()
        loud.samples = loud.samples.enumerated().map {
            $0.offset < 128 ? 10 * $0.element : $0.element
        }
        let rooms = try responses(loud)
        let energies = (0..<12).map { index in
            rooms.response(index).samples.reduce(0.0) { $0 + Double($1 * $1) } / 2
        }
        #expect(abs(energies.reduce(0, +) / 12 - 1) < 1e-5)
        #expect(abs(energies[0] / energies[1] - 100) < 1e-3)
    }

    @Test("a recording has the direction of its response, and no room")
    func truth() throws {
        let bank = try bank(try responses(room()))
        for recording in bank.recordings {
            #expect(recording.reverberationTime == nil && recording.room == nil)
            #expect(abs(recording.distance - 2) < 1e-9 && abs(recording.elevation) < 1e-9)
            let steps = recording.azimuth / (Double.pi / 6)
            #expect(abs(steps - steps.rounded()) < 1e-9)
        }
    }

    @Test(
        "no place of the test split is in another one, whatever the seed",
        arguments: [0, 7] as [UInt64])
    func splits(seed: UInt64) throws {
        let bank = try bank(try responses(room()), seed: seed)
        func places(_ splits: Split...) -> Set<Int> {
            Set(
                bank.recordings.filter { splits.contains($0.split) }
                    .map { Int(($0.azimuth * 180 / .pi).rounded()) })
        }
        let (test, validation, training) = (
            places(.test), places(.validation), places(.training, .pretraining)
        )
        #expect(test.count == 2 && validation.count == 2 && training.count == 8)
        #expect(test.isDisjoint(with: training.union(validation)))
        #expect(validation.isDisjoint(with: training))
    }

    @Test("which place is of which split depends on no seed, nor on the order of the file")
    func fixedSplits() throws {
        let plain = room()
        var turned = plain
        turned.sources.reverse()
        func places(_ room: RoomFile, _ split: Split) throws -> Set<Int> {
            let rooms = try responses(room)
            return Set(
                rooms.indices(for: split, .three).map {
                    Int((rooms.places[$0].azimuth * 180 / .pi).rounded())
                })
        }
        for split in [Split.training, .validation, .test] {
            #expect(try places(plain, split) == places(turned, split))
        }
    }

    @Test("responses of one place are of one split, also where there are several of it")
    func samePlace() throws {
        var twice = room(places: 6)
        twice.sources += twice.sources.map { $0 + SIMD3(0, 1e-4, 0) }
        twice.samples += twice.samples
        let rooms = try responses(twice)
        #expect(rooms.places.count == 12 && rooms.distinctPlaces == 6)
        for split in [Split.training, .validation, .test] {
            let own = Set(rooms.indices(for: split, .three))
            #expect(own == Set(own.map { ($0 + 6) % 12 }))
        }
    }

    @Test("divided in two, nothing is kept for a test; whole, each split has all")
    func divisions() throws {
        let rooms = try responses(room(places: 10))
        #expect(rooms.indices(for: .test, .two).isEmpty)
        #expect(rooms.indices(for: .validation, .two).count == 2)
        #expect(rooms.indices(for: .pretraining, .two).count == 8)
        #expect(rooms.indices(for: .test, .whole).count == 10)
        // Three places are enough for three splits.
        let few = try responses(room(places: 3))
        for split in [Split.training, .validation, .test] {
            #expect(few.indices(for: split, .three).count == 1)
        }
    }

    @Test("the spatialisations of a clip are at different places, as long as there are some")
    func spatialisations() throws {
        let bank = try bank(try responses(room()))
        let training = Dictionary(
            grouping: bank.recordings.filter { $0.split == .training }, by: \.clip)
        #expect(training.values.allSatisfy { Set($0.map(\.azimuth)).count == 3 })
        // Another seed, other places.
        let other = try self.bank(try responses(room()), seed: 1)
        #expect(bank.recordings.map(\.azimuth) != other.recordings.map(\.azimuth))
    }

    @Test("a bank is the same for any number of threads, and has another name for other responses")
    func names() throws {
        let rooms = try responses(room())
        let data = try SoundDataSet.load(DataSettings(clips: 40, classes: 4))
        #expect(
            try bank(rooms, threads: 1).recordings == bank(rooms, threads: 3).recordings)
        let own = RecordingBank.digest(data, settings(rooms, .three))
        #expect(own == RecordingBank.digest(data, settings(try responses(room()), .three)))
        #expect(own != RecordingBank.digest(data, settings(rooms, .two)))
        for other in [room(impulses: (0, 4)), room(delays: [Double](repeating: 1, count: 24))] {
            #expect(own != RecordingBank.digest(data, settings(try responses(other), .three)))
        }
        var moved = room()
        moved.sources[3] *= 1.5
        #expect(own != RecordingBank.digest(data, settings(try responses(moved), .three)))
        // What has no rooms has the name that it had.
        let plain = BankSettings()
        let text = String(decoding: try JSONEncoder().encode(plain), as: UTF8.self)
        #expect(!text.contains("rooms") && !text.contains("isOnHead"))
    }

    @Test("ears of a head change places in the mirror alone, an open line by turning")
    func symmetry() throws {
        let head = try responses(room(convention: .simpleFreeFieldHRIR)).array
        #expect(head.symmetries.count == 2)
        let mirror = head.symmetries[1]
        #expect(mirror.permutation == [1, 0] && mirror.isReflected)
        #expect(abs(mirror.azimuth(0.4) + 0.4) < 1e-12)
        let open = try responses(room()).array.symmetries
        #expect(open.count == 2 && !open[1].isReflected)
    }

    @Test("a folder is all of its files, each a room; files of another array are refused")
    func folder() throws {
        let folder = try TemporaryFolder()
        func copy(_ name: String, as other: String) throws {
            try FileManager.default.copyItem(
                at: Self.fixtures.appending(path: name), to: folder.url.appending(path: other))
        }
        func message() -> String {
            do {
                _ = try RoomResponses.load(folder.url)
                return "none"
            } catch {
                return "\(error)".replacing(folder.url.relativePath, with: "DIR")
            }
        }
        #expect(
            message()
                == "'DIR' has no file that ends with .sofa; name a SOFA file, or a folder of them")
        try copy("head.sofa", as: "a.sofa")
        try copy("speakers.sofa", as: "b.SOFA")
        try folder.write("no room", to: "notes.txt")
        let rooms = try RoomResponses.load(folder.url)
        #expect(rooms.files.map(\.name) == ["a.sofa", "b.SOFA"])
        #expect(rooms.places.count == 25)
        #expect(rooms.array.isOnHead == true)
        try copy("room.sofa", as: "c.sofa")
        #expect(
            message()
                == "'DIR/c.sofa' has 4 microphones, not 2, as 'DIR/a.sofa' has it; give files of one array"
        )
        try FileManager.default.removeItem(at: folder.url.appending(path: "c.sofa"))
        try copy("hostile/silent.sofa", as: "d.sofa")
        #expect(message() == "'DIR/d.sofa' cannot be used: response 3 is silent at all receivers")
    }

    @Test("microphones on a line have the places on one side of it, where simulated ones are")
    func side() throws {
        let line = try responses(room(convention: .simpleFreeFieldHRIR))
        let own = line.indices(for: .test, .side)
        // Steps of 30 degrees from -90 to 90, both ends included.
        #expect(own == [0, 1, 2, 3, 9, 10, 11])
        let across = try responses(room(microphones: [[0.05, 0, 0], [-0.05, 0, 0]]))
        #expect(across.indices(for: .test, .side) == Array(0...6))
        #expect(across.indices(for: .test, .whole).count == 12)
    }

    @Test("arrays that no trial can have are refused with the reason")
    func arrays() throws {
        func message(_ microphones: [SIMD3<Double>], sources: SIMD3<Double>? = nil) -> String {
            var room = room()
            if let sources { room.sources[5] = sources }
            room.microphones = microphones
            room.samples = [Float](repeating: 1, count: 12 * microphones.count * 64)
            do {
                _ = try responses(room)
                return "none"
            } catch {
                return "\(error)"
            }
        }
        #expect(
            message([[0, 0.05, 0]])
                == "'x.sofa' has 1 microphone, but from 2 to 8 can be used; give a file of as many")
        #expect(
            message([[0, 0.05, 0], [0, 0.05, 0]])
                == "the array of 'x.sofa' cannot be used: microphones 0 and 1 are at the same place; move "
                + "one of them")
        #expect(
            message((0..<9).map { SIMD3(Double($0) / 10, 0, 0) }).hasPrefix(
                "'x.sofa' has 9 microphones"))
        #expect(
            message([[0, 0.05, 0], [0, -2, 0]])
                == "'x.sofa' cannot be used: its receiver 1 is at y = -2.0 m from the listener, but must be "
                + "from -1 to 1 m, as positions of array are; give a smaller array, or correct "
                + "ReceiverPosition")
        #expect(message([[0, 1, 0], [0, -1, 1]]) == "none")
        #expect(
            message([[0, 0.05, 0], [0.1, -0.05, 0]], sources: [0.06, 0, 0])
                == "'x.sofa' cannot be used: the source of response 5 is 0.06 m from the listener, nearer "
                + "than receiver 1 (0.1118 m), so that it is in no one direction from the array; leave the "
                + "response out, or correct SourcePosition")
        #expect(message([[0, 0.05, 0], [0, -0.05, 0]], sources: [0.05, 0, 0]) == "none")
    }
}
