import Foundation
import RoomFiles
import Testing

@Suite("SOFA files that other programs wrote")
struct SOFAReadingTests {
    private static let conventions: [(name: String, convention: RoomFile.Convention)] = [
        ("head.sofa", .simpleFreeFieldHRIR), ("room.sofa", .singleRoomSRIR),
        ("speakers.sofa", .multiSpeakerBRIR), ("speakers-last.sofa", .multiSpeakerBRIR),
    ]

    private func near(_ first: [Double], _ second: [Double], within bound: Double = 1e-6) -> Bool {
        first.count == second.count && zip(first, second).allSatisfy { abs($0 - $1) <= bound }
    }

    @Test("have their convention, rate, array, directions and impulses", arguments: conventions)
    func read(_ name: String, _ convention: RoomFile.Convention) throws {
        let expected = try #require(try SOFAFixtures.expected()[name])
        let room = try RoomFile(sofa: SOFAFixtures.folder.appending(path: name))
        #expect(room.convention == convention)
        #expect(room.sampleRate == expected.rate)
        #expect(room.title.isEmpty == false)
        try #require(room.microphones.count == expected.microphones.count)
        for (place, wanted) in zip(room.microphones, expected.microphones) {
            #expect(near([place.x, place.y, place.z], wanted), "\(place) \(wanted)")
        }
        try #require(room.sources.count == expected.directions.count)
        for (place, wanted) in zip(room.sources, expected.directions) {
            let (azimuth, elevation) = (wanted[0] * .pi / 180, wanted[1] * .pi / 180)
            let offset = [
                cos(elevation) * cos(azimuth), cos(elevation) * sin(azimuth), sin(elevation),
            ].map { $0 * wanted[2] }
            #expect(near([place.x, place.y, place.z], offset), "\(place) \(offset)")
        }
        for response in room.sources.indices {
            for microphone in room.microphones.indices {
                let samples = room.samples(ofResponse: response, microphone: microphone)
                let sounding = samples.enumerated().filter { $1 != 0 }
                try #require(sounding.count == 1)
                #expect(sounding[0].element == 1)
                let row = response * room.microphones.count + microphone
                let delay = room.delays.isEmpty ? 0 : room.delays[row]
                let wanted = expected.impulses[response][microphone]
                #expect(abs(Double(sounding[0].offset) + delay - wanted) < 1e-6)
            }
        }
    }

    @Test(
        "the plainest file that is right is read: what makes its likes hostile is what they change")
    func plain() throws {
        let room = try RoomFile(sofa: SOFAFixtures.hostile("plain"))
        #expect(room.sources == [[1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]])
        #expect(room.sampleCount == 16)
    }
}
