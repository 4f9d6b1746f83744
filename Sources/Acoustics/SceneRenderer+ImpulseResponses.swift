extension SceneRenderer {
    /// The impulse responses from a position that is known to lie in the room, by the scene's
    /// method.
    func impulseResponses(
        _ scene: Scene, at source: SIMD3<Double>, number: Int
    ) throws -> MultichannelSignal {
        let direct = (source - scene.arrayPosition).length / soundSpeed
        let end = scene.room.reverberationTime + direct
        switch scene.method {
        case .images:
            return try impulseResponses(scene, at: source, set: .within(seconds: end))
        case .hybrid:
            let mixing = DiffuseTail.start(
                room: scene.room, sampleRate: Double(sampleRate), soundSpeed: soundSpeed)
            // A source far off may be heard after that.
            let start = max(mixing, direct + 0.01)
            guard start < end else {
                return try impulseResponses(scene, at: source, set: .within(seconds: end))
            }
            return try impulseResponses(
                scene, at: source, set: .within(seconds: start), tail: start...end,
                seed: scene.tailSeed &+ UInt64(number) &* 0xD134_2543_DE82_EF95)
        }
    }

    /// The impulse responses made of a given set of images, and of a diffuse tail if wanted.
    package func impulseResponses(
        _ scene: Scene, at source: SIMD3<Double>, set: ImageSet,
        tail: ClosedRange<Double>? = nil, seed: UInt64 = 0
    ) throws -> MultichannelSignal {
        let microphones = scene.microphonePositions(array)
        for microphone in microphones
        where (source - microphone).length < Self.minimumDistance {
            throw AcousticsError.sourceOnMicrophone(distance: (source - microphone).length)
        }
        let samplesPerMetre = Double(sampleRate) / soundSpeed
        var reach = ImageSourceKernel.reach(
            room: scene.room, source: source, microphones: microphones,
            centre: scene.arrayPosition, set: set, soundSpeed: soundSpeed)
        if let tail { reach = max(reach, tail.upperBound * soundSpeed + array.radius) }
        // Steps of delay are counted in 32 bits: 2^21 cells, less a margin.
        let limit = 2_000_000 / Double(FractionalDelay.cellsPerSample * sampleRate)
        guard reach / soundSpeed < limit else {
            throw AcousticsError.impulseResponseTooLong(seconds: reach / soundSpeed, limit: limit)
        }
        grid.prepare(latest: reach * samplesPerMetre)
        images.add(
            room: scene.room, source: source, microphones: microphones,
            centre: scene.arrayPosition, set: set, soundSpeed: soundSpeed,
            samplesPerMetre: samplesPerMetre, to: grid)
        if let tail {
            DiffuseTail.add(
                room: scene.room, microphones: microphones, centre: scene.arrayPosition,
                interval: tail, seed: seed, sampleRate: Double(sampleRate),
                soundSpeed: soundSpeed, to: grid)
        }
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
