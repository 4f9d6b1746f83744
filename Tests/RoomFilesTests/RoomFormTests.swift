import Foundation
import RoomFiles
import Testing

@Suite("The form in which a file's content is handed over")
struct RoomFormTests {
    private var room: RoomFile {
        RoomFile(
            convention: .singleRoomSRIR, title: "a \"room\"", sampleRate: 44_100,
            microphones: [[0, 0.05, 0], [0, -0.05, 0.1]],
            sources: [[1, 0, 0], [0.1, -2.7, 0.3], [0, 0, 1]],
            delays: [0, 0.5, 1, 2, 3.25, 0], sampleCount: 3,
            samples: (0..<18).map { 0.5 - Float($0) / 7 })
    }

    private func reason(_ data: Data) -> String? {
        do {
            _ = try RoomFile(form: data)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("says all, exactly")
    func roundTrip() throws {
        #expect(try RoomFile(form: room.form()) == room)
    }

    @Test("hands over a fault in the place of a room")
    func fault() {
        #expect(reason(RoomFile.form(of: RoomFileFault("it is blue"))) == "it is blue")
    }

    @Test("is refused wherever it ends, and with more behind it")
    func cut() throws {
        let data = try room.form()
        for count in 0..<data.count { #expect(reason(data.prefix(count)) != nil, "\(count)") }
        #expect(reason(data + Data([0])) != nil)
        #expect(reason(data + Data([0, 0, 0, 0])) != nil)
    }

    @Test("with any byte changed it is refused, or a room all the same")
    func changed() throws {
        let data = try room.form()
        for place in data.indices {
            for mask in [UInt8(0xFF), 0x80, 0x01] {
                var other = data
                other[place] ^= mask
                guard let found = try? RoomFile(form: other) else { continue }
                try found.validate()
            }
        }
    }

    @Test("a receiver that hears next to nothing of what another one hears is dead, at any level")
    func dead() throws {
        for level in [1e-9, 1, 1e5] as [Float] {
            for (share, isDead) in [(2e-6, false), (5e-7, true)] as [(Float, Bool)] {
                var room = room
                room.samples = (0..<18).map { $0 / 3 % 2 == 1 ? level * share : level }
                let wanted = "its receiver 1 is silent in every response; leave the receiver out"
                #expect(reason(of: room) == (isDead ? wanted : nil), "\(level) \(share)")
            }
        }
        var room = room
        for sample in [3, 15] {
            room.samples.replaceSubrange(sample..<sample + 3, with: [0, 0, 0])
        }
        #expect(
            reason(of: room)
                == "response 0 is silent at receiver 1, as 1 more is; leave the responses or the receiver "
                + "out")
    }

    private func reason(of room: RoomFile) -> String? {
        do {
            try room.validate()
            return nil
        } catch {
            return error.description
        }
    }

    @Test("numbers that no file may have are refused")
    func validated() {
        let faults: [(String, (inout RoomFile) -> Void)] = [
            ("it has 0 responses", { $0.sources = [] }),
            ("it has 0 receivers", { $0.microphones = [] }),
            ("its sample rate is 0 Hz", { $0.sampleRate = 0 }),
            ("its responses have 0 samples", { $0.sampleCount = 0 }),
            ("its responses have 9223372036854775807 samples", { $0.sampleCount = .max }),
            ("it holds 18 samples, not 6 x 4", { $0.sampleCount = 4 }),
            ("it has 5 delays, not 6", { $0.delays.removeLast() }),
            ("receiver 1 is at (nan, 0.0, 0.0) m", { $0.microphones[1] = [.nan, 0, 0] }),
            ("response 2 at receiver 1 has the sample", { $0.samples[17] = .infinity }),
        ]
        for (beginning, change) in faults {
            var changed = room
            change(&changed)
            do {
                try changed.validate()
                Issue.record("no fault: \(beginning)")
            } catch {
                #expect(error.description.hasPrefix(beginning), "\(error)")
            }
        }
    }
}
