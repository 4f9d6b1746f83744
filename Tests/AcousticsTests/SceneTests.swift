import Acoustics
import Foundation
import Randomness
import Testing

@Suite("Scenes") struct SceneTests {
    let array = MicrophoneArray.circular(count: 4, diameter: 0.1)

    @Test("the same stream draws the same scene, another one another")
    func determinism() throws {
        var first = Stream(1, "scenes", 4)
        var second = Stream(1, "scenes", 4)
        var third = Stream(1, "scenes", 5)
        let scene = try Scene.draw(SceneSettings(), array: array, using: &first)
        #expect(try Scene.draw(SceneSettings(), array: array, using: &second) == scene)
        #expect(try Scene.draw(SceneSettings(), array: array, using: &third) != scene)
    }

    @Test("what is drawn keeps to the settings")
    func ranges() throws {
        var stream = Stream(2, "scenes")
        let settings = SceneSettings()
        for _ in 0..<300 {
            let scene = try Scene.draw(settings, array: array, using: &stream)
            #expect(settings.reverberationTime.contains(scene.room.reverberationTime))
            #expect(settings.roomLength.contains(scene.room.size.x))
            #expect(settings.roomWidth.contains(scene.room.size.y))
            #expect(settings.roomHeight.contains(scene.room.size.z))
            #expect(settings.arrayHeight.contains(scene.arrayPosition.z))
            let distance = scene.distance(ofSource: 0)
            #expect(distance > 0.5 - 1e-9 && distance < 3 + 1e-9)
            #expect(scene.room.contains(scene.sources[0].position, margin: 0.5 - 1e-9))
            #expect(scene.room.contains(scene.arrayPosition, margin: 0.5 - 1e-9))
            #expect(scene.signalToNoise == 30)
            try scene.validate(array: array)
        }
    }

    @Test("azimuths and reverberation times stay uniform, although not every room fits")
    func uniformity() throws {
        var stream = Stream(3, "scenes")
        var settings = SceneSettings()
        settings.reverberationTime = 0.1...0.5
        let count = 4000
        var octants = [Int](repeating: 0, count: 8)
        var fifths = [Int](repeating: 0, count: 5)
        for _ in 0..<count {
            let scene = try Scene.draw(settings, array: array, using: &stream)
            let turn = (scene.azimuth(ofSource: 0) + .pi) / (2 * .pi)
            octants[min(7, Int(turn * 8))] += 1
            fifths[min(4, Int((scene.room.reverberationTime - 0.1) / 0.08))] += 1
        }
        // Five standard deviations of a binomial count.
        for octant in octants {
            #expect(abs(Double(octant) - 500) < 5 * (500 * 0.875).squareRoot())
        }
        for fifth in fifths { #expect(abs(Double(fifth) - 800) < 5 * (800 * 0.8).squareRoot()) }
    }

    @Test("azimuth is seen from the array: x forward, counter-clockwise positive")
    func azimuthConvention() throws {
        let room = try ShoeboxRoom(size: SIMD3(6, 5, 3), reverberationTime: 0.3)
        var scene = Scene(
            room: room, arrayPosition: SIMD3(3, 2, 1.5),
            sources: [PlacedSource(position: SIMD3(3, 3, 1.5))])
        #expect(abs(scene.azimuth(ofSource: 0) - .pi / 2) < 1e-12)
        scene.arrayOrientation = .pi / 2
        #expect(abs(scene.azimuth(ofSource: 0)) < 1e-12)
        scene.sources[0].position = SIMD3(3, 3, 2.5)
        #expect(abs(scene.elevation(ofSource: 0) - .pi / 4) < 1e-12)
        #expect(abs(scene.distance(ofSource: 0) - 2.0.squareRoot()) < 1e-12)
    }

    @Test("overlapping sources keep their distance in azimuth")
    func separation() throws {
        var stream = Stream(4, "scenes")
        var settings = SceneSettings()
        settings.sourceCount = 3
        settings.minimumSeparation = 40
        for _ in 0..<50 {
            let scene = try Scene.draw(settings, array: array, using: &stream)
            #expect(scene.sources.count == 3)
            for first in 0..<3 {
                for second in 0..<first {
                    let apart = Angle.absoluteDifference(
                        scene.azimuth(ofSource: first), scene.azimuth(ofSource: second))
                    #expect(Angle.degrees(radians: apart) > 40 - 1e-9)
                }
            }
        }
    }

    @Test("moving sources stay in the room, and move at the speed asked for")
    func motion() throws {
        var stream = Stream(5, "scenes")
        for motion in [SourceMotion.arc, .line] {
            let wanted = motion == .arc ? 0.8 : 0.5
            var settings = SceneSettings()
            settings.motion = motion
            settings.sourceSpeed = wanted...wanted
            for _ in 0..<40 {
                let scene = try Scene.draw(settings, array: array, using: &stream)
                let source = scene.sources[0]
                for step in 0...26 {
                    let position = source.position(at: 0.1 * Double(step))
                    #expect(scene.room.contains(position, margin: 0.45))
                }
                let travelled = source.position(at: 0.01) - source.position(at: 0)
                let speed = (travelled * travelled).sum().squareRoot() / 0.01
                #expect(abs(speed - wanted) < 0.01)
            }
        }
    }

    @Test("sources stay in the part of the circle asked for, also while they move")
    func halfPlane() throws {
        var stream = Stream(9, "scenes")
        let half = -Double.pi / 2...Double.pi / 2
        for motion in SourceMotion.allCases {
            var settings = SceneSettings()
            settings.motion = motion
            settings.azimuth = half
            settings.sourceCount = 2
            var azimuths: [Double] = []
            for _ in 0..<60 {
                let scene = try Scene.draw(settings, array: array, using: &stream)
                for source in 0..<2 {
                    azimuths.append(scene.azimuth(ofSource: source))
                    for step in 0...26 {
                        let azimuth = scene.azimuth(ofSource: source, at: 0.1 * Double(step))
                        #expect(abs(azimuth) <= .pi / 2 + 0.02)
                    }
                }
            }
            #expect(azimuths.contains { $0 < -1 } && azimuths.contains { $0 > 1 })
        }
    }

    @Test("a speed given as a range is drawn for each scene")
    func speeds() throws {
        var stream = Stream(10, "scenes")
        var settings = SceneSettings()
        settings.motion = .line
        settings.sourceSpeed = 0.5...1
        let speeds = try (0..<30).map { _ in
            let scene = try Scene.draw(settings, array: array, using: &stream)
            let travelled = scene.sources[0].position(at: 1) - scene.sources[0].position(at: 0)
            return (travelled * travelled).sum().squareRoot()
        }
        #expect(speeds.allSatisfy { (0.5 - 1e-9...1 + 1e-9).contains($0) })
        #expect(Set(speeds).count > 20)
    }

    @Test("a scene survives being written and read")
    func coding() throws {
        var stream = Stream(6, "scenes")
        var settings = SceneSettings()
        settings.motion = .arc
        settings.noise = .diffuse
        let scene = try Scene.draw(settings, array: array, using: &stream)
        let data = try JSONEncoder().encode(scene)
        #expect(try JSONDecoder().decode(Scene.self, from: data) == scene)
        var quiet = scene
        quiet.signalToNoise = .infinity
        let silence = try JSONEncoder().encode(quiet)
        #expect(try JSONDecoder().decode(Scene.self, from: silence) == quiet)
        let written = try JSONEncoder().encode(settings)
        #expect(try JSONDecoder().decode(SceneSettings.self, from: written) == settings)
    }

    @Test("a room that cannot have its reverberation time is an error that says what it can have")
    func unreachable() throws {
        let size = SIMD3(10.0, 10, 4)
        var shortest = 0.0
        do {
            _ = try ShoeboxRoom(size: size, reverberationTime: 0.05)
            Issue.record("the room was accepted")
        } catch AcousticsError.reverberationTimeUnreachable(_, _, let least) {
            shortest = least
        }
        let room = try ShoeboxRoom(size: size, reverberationTime: shortest * 1.0001)
        #expect(room.absorption < ShoeboxRoom.maximumAbsorption)
        #expect(room.absorption > ShoeboxRoom.maximumAbsorption - 0.001)
    }

    @Test("settings that leave no room at all are refused with a reason")
    func impossibleSettings() {
        var stream = Stream(7, "scenes")
        var dead = SceneSettings()
        dead.reverberationTime = 0.02...0.02
        #expect(throws: AcousticsError.noRoomFits(reverberationTime: 0.02, attempts: 10_000)) {
            try Scene.draw(dead, array: array, using: &stream)
        }
        var far = SceneSettings()
        far.sourceDistance = 30...40
        #expect(throws: AcousticsError.sourceDoesNotFit(attempts: 10_000)) {
            try Scene.draw(far, array: array, using: &stream)
        }
        var wrong = SceneSettings()
        wrong.sourceCount = 9
        #expect(throws: AcousticsError.self) {
            try Scene.draw(wrong, array: array, using: &stream)
        }
    }
}
