extension SceneRenderer {
    /// The impulse responses from a position that is known to lie in the room.
    func impulseResponses(_ scene: Scene, at source: SIMD3<Double>) throws -> MultichannelSignal {
        let direct = (source - scene.arrayPosition).length
        return try impulseResponses(
            scene, at: source,
            set: .within(seconds: scene.room.reverberationTime + direct / soundSpeed))
    }

    /// The impulse responses made of a given set of images.
    package func impulseResponses(
        _ scene: Scene, at source: SIMD3<Double>, set: ImageSet
    ) throws -> MultichannelSignal {
        let microphones = scene.microphonePositions(array)
        for microphone in microphones
        where (source - microphone).length < Self.minimumDistance {
            throw AcousticsError.sourceOnMicrophone(distance: (source - microphone).length)
        }
        let samplesPerMetre = Double(sampleRate) / soundSpeed
        let reach = ImageSourceKernel.reach(
            room: scene.room, source: source, microphones: microphones,
            centre: scene.arrayPosition, set: set, soundSpeed: soundSpeed)
        // Cells of the grid are numbered in floats, exact up to 2^22.
        let limit = 4_000_000 / Double(FractionalDelay.phases) / Double(sampleRate)
        guard reach / soundSpeed < limit else {
            throw AcousticsError.impulseResponseTooLong(seconds: reach / soundSpeed, limit: limit)
        }
        grid.prepare(latest: reach * samplesPerMetre)
        images.add(
            room: scene.room, source: source, microphones: microphones,
            centre: scene.arrayPosition, set: set, soundSpeed: soundSpeed,
            samplesPerMetre: samplesPerMetre, to: grid)
        let count = grid.sampleCount
        let samples = [Float](unsafeUninitializedCapacity: array.count * count) { buffer, filled in
            grid.filter(into: buffer, sampleCount: count)
            highPass?.apply(to: buffer, channels: array.count, count: count)
            filled = array.count * count
        }
        return MultichannelSignal(
            channelCount: array.count, sampleRate: sampleRate, samples: samples)
    }
}
