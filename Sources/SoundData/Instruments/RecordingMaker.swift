import Acoustics
import Digests
import Randomness

/// Makes the recordings of a bank, one thread at a time: every recording from streams of its own, so
/// that it does not matter who makes which, or when.
final class RecordingMaker {
    private let dataSet: SoundDataSet
    private let settings: BankSettings
    private let reader: ClipReader
    private let renderer: SceneRenderer
    private let clipsOfSplit: [Split: [Int]]
    private let rooms: RoomResponses?
    /// The responses that clips of a split may be heard through.
    private let responses: [Split: [Int]]
    private var loaded: (clip: Int, channels: [[Float]])?

    /// - Parameter rooms: those that the settings name; nil where they name none.
    init(_ dataSet: SoundDataSet, _ settings: BankSettings, _ rooms: RoomResponses? = nil) {
        precondition(settings.rooms?.content == rooms?.content, "rooms of other settings")
        self.dataSet = dataSet
        self.rooms = rooms
        responses =
            rooms.map { rooms in
                let division = settings.rooms?.division ?? .whole
                return Dictionary(
                    uniqueKeysWithValues: settings.splits.map {
                        ($0, rooms.indices(for: $0, division))
                    })
            } ?? [:]
        self.settings = settings
        reader = ClipReader(sampleRate: settings.sampleRate)
        renderer = SceneRenderer(array: settings.array, sampleRate: settings.sampleRate)
        clipsOfSplit = Dictionary(grouping: dataSet.clips.indices) { dataSet.clips[$0].split }
    }

    /// The recording of a slot, its samples as they are stored.
    ///
    /// Shape: [microphones, slot.sampleCount], planar.
    func make(_ slot: BankPlan.Slot) throws -> (recording: Recording, samples: [Int16]) {
        let clip = dataSet.clips[slot.clip]
        let channels = try load(slot.clip, count: slot.sampleCount)
        if case .segment(let segment) = clip.source {
            return try copy(segment, channels, slot)
        }
        if let rooms { return try place(channels, in: rooms, slot) }
        var stream = Stream(settings.seed, "scene/\(clip.identifier)", slot.spatialisation)
        let scene = try Scene.draw(settings.scene, array: settings.array, using: &stream)
        let others = try companions(of: slot, count: scene.sources.count - 1)
        let clips = [slot.clip] + others.map(\.clip)
        let signals = ([channels] + others.map(\.channels)).map { dry in
            let fitted = SoundFitting.fit(
                dry, count: slot.sampleCount, sampleRate: settings.sampleRate)
            return SoundFitting.normalise(fitted)[0]
        }
        var noise = Stream(settings.seed, "noise/\(clip.identifier)", slot.spatialisation)
        let rendered = try renderer.render(
            signals, scene: scene, sampleCount: slot.sampleCount, noise: &noise)
        let sources = clips.enumerated().map { index, clip in
            let moments = moments(of: index, in: scene, sampleCount: slot.sampleCount)
            return RecordedSource(
                clip: clip, label: dataSet.clips[clip].label,
                azimuth: scene.azimuth(ofSource: index),
                elevation: scene.elevation(ofSource: index),
                distance: scene.distance(ofSource: index),
                azimuthPath: moments?.map { scene.azimuth(ofSource: index, at: $0) },
                elevationPath: moments?.map { scene.elevation(ofSource: index, at: $0) },
                distancePath: moments?.map { scene.distance(ofSource: index, at: $0) })
        }
        return record(
            slot, sources, rendered.samples, room: scene.room,
            signalToNoise: scene.signalToNoise.isFinite ? scene.signalToNoise : nil)
    }

    /// A clip as it is heard through a response of a file: of those of its split, one drawn, another one
    /// for each of its spatialisations as long as there are more.
    private func place(
        _ channels: [[Float]], in rooms: RoomResponses, _ slot: BankPlan.Slot
    ) throws -> (recording: Recording, samples: [Int16]) {
        let clip = dataSet.clips[slot.clip]
        let own = responses[clip.split, default: []]
        guard !own.isEmpty else {
            throw SoundDataError.bankSetting(
                name: "rooms", value: "\(rooms.places.count) responses",
                rule: "enough places for \(clip.split.rawValue) too")
        }
        var draw = Stream(settings.seed, "response/\(clip.identifier)", 0)
        let order = draw.permutation(own.count)
        let response = own[order[slot.spatialisation % own.count]]
        var level = Stream(settings.seed, "scene/\(clip.identifier)", slot.spatialisation)
        let signalToNoise = level.uniform(in: settings.scene.signalToNoise)
        let fitted = SoundFitting.normalise(
            SoundFitting.fit(channels, count: slot.sampleCount, sampleRate: settings.sampleRate))
        var noise = Stream(settings.seed, "noise/\(clip.identifier)", slot.spatialisation)
        let rendered = try renderer.render(
            fitted[0], responses: rooms.response(response), latency: rooms.latency,
            signalToNoise: signalToNoise, noise: settings.scene.noise,
            sampleCount: slot.sampleCount, noise: &noise)
        let place = rooms.places[response]
        let source = RecordedSource(
            clip: slot.clip, label: clip.label, azimuth: place.azimuth, elevation: place.elevation,
            distance: place.distance)
        return record(
            slot, [source], rendered.samples, room: nil,
            signalToNoise: signalToNoise.isFinite ? signalToNoise : nil)
    }

    /// When the place of a source is noted; nil for one that rests. Units: seconds.
    private func moments(of source: Int, in scene: Scene, sampleCount: Int) -> [Double]? {
        guard scene.sources[source].trajectory != nil else { return nil }
        let seconds = Double(sampleCount) / Double(settings.sampleRate)
        let steps = Int((seconds / RecordedSource.pathInterval).rounded(.up))
        return (0...steps).map { Double($0) * RecordedSource.pathInterval }
    }

    private func load(_ clip: Int, count: Int) throws -> [[Float]] {
        if let loaded, loaded.clip == clip { return loaded.channels }
        let channels = try reader.loadChannels(dataSet.clips[clip], loudest: count)
        loaded = (clip, channels)
        return channels
    }

    /// The clips of the other sources: of the same split, no two sources of one class.
    private func companions(
        of slot: BankPlan.Slot, count: Int
    ) throws -> [(clip: Int, channels: [[Float]])] {
        guard count > 0 else { return [] }
        let clip = dataSet.clips[slot.clip]
        var stream = Stream(settings.seed, "overlap/\(clip.identifier)", slot.spatialisation)
        var labels: Set<Int> = [clip.label]
        var candidates = clipsOfSplit[clip.split, default: []]
            .filter { !labels.contains(dataSet.clips[$0].label) }
        var chosen: [(clip: Int, channels: [[Float]])] = []
        while chosen.count < count, !candidates.isEmpty {
            let candidate = candidates.remove(at: stream.index(below: candidates.count))
            let channels = try reader.loadChannels(
                dataSet.clips[candidate], loudest: slot.sampleCount)
            chosen.append((candidate, channels))
            labels.insert(dataSet.clips[candidate].label)
            candidates.removeAll { labels.contains(dataSet.clips[$0].label) }
        }
        guard chosen.count == count else {
            throw SoundDataError.bankSetting(
                name: "overlap", value: "\(count + 1)",
                rule: "at most \(chosen.count + 1), the number of classes that have clips for "
                    + clip.split.rawValue)
        }
        return chosen
    }

    /// A stretch of a real recording with its true direction.
    private func copy(
        _ segment: RecordedSegment, _ channels: [[Float]], _ slot: BankPlan.Slot
    ) throws -> (recording: Recording, samples: [Int16]) {
        guard channels.count == settings.array.count else {
            throw SoundDataError.bankSetting(
                name: "microphones", value: "\(settings.array.count)",
                rule: "\(channels.count), as in the recordings of '\(dataSet.name)'")
        }
        let fitted = SoundFitting.normalise(
            SoundFitting.fit(channels, count: slot.sampleCount, sampleRate: settings.sampleRate))
        let source = RecordedSource(
            clip: slot.clip, label: dataSet.clips[slot.clip].label, azimuth: segment.azimuth,
            elevation: segment.elevation, distance: segment.distance)
        return record(
            slot, [source], fitted.flatMap { $0 }, room: nil, signalToNoise: nil)
    }

    private func record(
        _ slot: BankPlan.Slot, _ sources: [RecordedSource], _ samples: [Float],
        room: ShoeboxRoom?, signalToNoise: Double?
    ) -> (recording: Recording, samples: [Int16]) {
        let clip = dataSet.clips[slot.clip]
        let (quantised, scale) = SampleKernels.quantise(samples)
        let recording = Recording(
            clip: slot.clip, label: clip.label, split: clip.split, group: clip.group,
            spatialisation: slot.spatialisation, azimuth: sources[0].azimuth,
            elevation: sources[0].elevation, distance: sources[0].distance,
            reverberationTime: room?.reverberationTime, room: room?.size,
            signalToNoise: signalToNoise, sources: sources,
            offset: slot.offset, sampleCount: slot.sampleCount, scale: scale,
            digest: SampleKernels.digest(quantised))
        return (recording, quantised)
    }
}
