import Acoustics
import Foundation
import SoundData
import TestSupport
import Testing

import struct Randomness.Stream

/// What is drawn for a recording, and what the bank says of it.
@Suite("Scenes of a bank")
final class BankSceneTests: SmallBank {
    @Test("overlapping sources are of other classes, of the same split, each with a direction")
    func overlap() throws {
        var settings = settings
        settings.scene.sourceCount = 2
        let bank = try RecordingBank.build(dataSet, settings, at: url, threads: 2)
        for recording in bank.recordings {
            #expect(recording.sources.count == 2)
            let (first, second) = (recording.sources[0], recording.sources[1])
            #expect(first.clip == recording.clip && first.azimuth == recording.azimuth)
            #expect(second.label != first.label)
            #expect(dataSet.clips[second.clip].split == recording.split)
            #expect(second.label == dataSet.clips[second.clip].label)
            let separation = Angle.absoluteDifference(first.azimuth, second.azimuth)
            #expect(separation > 14.9 * .pi / 180)
        }
    }

    @Test("more overlapping sources than classes in a split are refused")
    func tooMuchOverlap() throws {
        var settings = settings
        settings.scene.sourceCount = 5
        #expect(
            throws: SoundDataError.bankSetting(
                name: "overlap", value: "5",
                rule: "at most 3, the number of classes that have clips for training")
        ) { try RecordingBank.build(dataSet, settings, at: url) }
    }

    @Test("a recording has the room that its scene was drawn with")
    func rooms() throws {
        for recording in try build().recordings {
            var stream = Stream(
                settings.seed, "scene/\(dataSet.clips[recording.clip].identifier)",
                recording.spatialisation)
            let scene = try Scene.draw(settings.scene, array: settings.array, using: &stream)
            #expect(recording.room == scene.room.size)
            #expect(recording.reverberationTime == scene.room.reverberationTime)
        }
    }

    @Test("a moving source has its azimuth along the way")
    func motion() throws {
        var settings = settings
        settings.scene.motion = .arc
        settings.scene.motionDuration = 0.4
        let bank = try RecordingBank.build(dataSet, settings, at: url, threads: 2)
        for recording in bank.recordings {
            let source = recording.sources[0]
            let path = try #require(source.azimuthPath)
            #expect(path[0] == source.azimuth)
            #expect(source.azimuth(at: 0) == source.azimuth)
            // 1 m/s on a circle about the array turns by speed / distance radians a second.
            let radius = source.distance * cos(source.elevation)
            let turn = Angle.absoluteDifference(source.azimuth(at: 0.25), source.azimuth)
            #expect(abs(turn - 0.25 / radius) < 1e-6)
            let end = Angle.absoluteDifference(source.azimuth(at: 5), source.azimuth)
            #expect(abs(end - 0.4 / radius) < 1e-6)
            // On an arc about the array it stays as high and as far.
            #expect(abs(source.elevation(at: 0.25) - source.elevation) < 1e-9)
            #expect(abs(source.distance(at: 0.25) - source.distance) < 1e-9)
        }
    }

    @Test("the direct sound reaches the microphones in the order that the azimuth says")
    func directions() throws {
        var settings = settings
        settings.scene.reverberationTime = 0.1...0.1
        settings.array = .linear(count: 2, spacing: 0.3)
        let bank = try RecordingBank.build(dataSet, settings, at: url, threads: 2)
        let positions = settings.array.positions
        var agreeing = 0
        var judged = 0
        for (index, recording) in bank.recordings.enumerated() {
            let direction = SIMD3(cos(recording.azimuth), sin(recording.azimuth), 0)
            let path = ((positions[0] - positions[1]) * direction).sum()
            guard abs(path) > 0.1 else { continue }
            let expected = path * cos(recording.elevation) / 343 * 16_000
            let samples = bank.read(index)
            let count = recording.sampleCount
            // Positive lag: microphone 1 hears it later.
            let lags = (-20...20).map { lag in
                (100..<(count - 100)).reduce(Float(0)) {
                    $0 + samples[$1] * samples[count + $1 + lag]
                }
            }
            let best = (lags.firstIndex(of: lags.max() ?? 0) ?? 0) - 20
            judged += 1
            if abs(Double(best) - expected) < 2.5 { agreeing += 1 }
        }
        #expect(judged > 10)
        #expect(Double(agreeing) > 0.7 * Double(judged), "\(agreeing) of \(judged)")
    }
}
