extension SceneRenderer {
    /// The largest step of a moving source between two computed responses. Units: metres.
    ///
    /// It concerns reflections of second and higher order alone: the direct sound and the six first
    /// reflections follow the source exactly.
    package static let motionStep = 0.05

    /// What the microphones pick up from a moving source.
    ///
    /// The direct sound and the first reflections are delayed sample by sample (with their Doppler
    /// shifts). For the rest, responses are computed along the path; the signal is cut into
    /// overlapping triangles which add up to one, and each is convolved with its own response. So
    /// the response in force is interpolated linearly in time, without steps.
    /// Shape: `[microphones][sampleCount]`.
    func renderMoving(
        _ signal: [Float], scene: Scene, source index: Int, sampleCount: Int
    ) throws -> [Float] {
        let source = scene.sources[index]
        let heard = Double(min(signal.count, sampleCount)) / Double(sampleRate)
        let keys = source.keyTimes(within: heard, step: Self.motionStep)
        var result = [Float](repeating: 0, count: array.count * sampleCount)
        for (number, time) in keys.enumerated() {
            let segment = Self.triangle(
                signal.count, peak: time, previous: number > 0 ? keys[number - 1] : nil,
                next: number + 1 < keys.count ? keys[number + 1] : nil,
                sampleRate: Double(sampleRate))
            guard !segment.weights.isEmpty, segment.start < sampleCount else { continue }
            let windowed = zip(signal[segment.start...], segment.weights).map { $0 * $1 }
            let responses = try lateResponses(
                scene, at: source.position(at: time), number: index)
            // The convolution begins `latency` samples before the segment does.
            let first = segment.start - Self.latency
            let count = min(
                windowed.count + responses.sampleCount - 1, sampleCount - first)
            guard count > 0 else { continue }
            let part = convolver.convolve(
                [(signal: windowed, responses: responses)], channels: array.count,
                sampleCount: count, latency: 0)
            for channel in 0..<array.count {
                for sample in max(0, -first)..<count {
                    result[channel * sampleCount + first + sample] += part[channel * count + sample]
                }
            }
        }
        addEarlyImages(signal, scene: scene, source: source, sampleCount: sampleCount, to: &result)
        return result
    }

    /// The responses without the direct sound and the first reflections.
    private func lateResponses(
        _ scene: Scene, at source: SIMD3<Double>, number: Int
    ) throws -> MultichannelSignal {
        let early = scene.room.firstImages(of: source)
        // All that is taken away must have been there.
        let farthest = early.map { ($0.position - scene.arrayPosition).length }.max() ?? 0
        return try impulseResponses(
            scene, at: source, number: number, atLeast: farthest * 1.000_001 / soundSpeed,
            without: early)
    }

    private func addEarlyImages(
        _ signal: [Float], scene: Scene, source: PlacedSource, sampleCount: Int,
        to result: inout [Float]
    ) {
        let microphones = scene.microphonePositions(array)
        var early = [Float](repeating: 0, count: result.count)
        movingDelay.load(signal)
        early.withUnsafeMutableBufferPointer { early in
            guard let base = early.baseAddress else { return }
            for image in scene.room.firstImages(of: .zero).indices {
                for (channel, microphone) in microphones.enumerated() {
                    let gain = image == 0 ? 1 : scene.room.reflection
                    movingDelay.add(
                        distance: { seconds in
                            let place = source.position(at: seconds)
                            let position = scene.room.firstImage(image, of: place)
                            return (position - microphone).length
                        }, gain: gain, sampleRate: Double(sampleRate), soundSpeed: soundSpeed,
                        to: base + channel * sampleCount, count: sampleCount)
                }
            }
            highPass?.apply(to: early, channels: array.count, count: sampleCount)
        }
        for index in result.indices { result[index] += early[index] }
    }

    /// Weights that rise from the previous key to the peak and fall to the next; before the first
    /// and after the last key they stay at one.
    private static func triangle(
        _ count: Int, peak: Double, previous: Double?, next: Double?, sampleRate: Double
    ) -> (start: Int, weights: [Float]) {
        let start = previous.map { min(count, Int(($0 * sampleRate).rounded(.up))) } ?? 0
        let end = next.map { min(count, Int(($0 * sampleRate).rounded(.up))) } ?? count
        guard start < end else { return (start, []) }
        let weights = (start..<end).map { sample in
            let time = Double(sample) / sampleRate
            if time < peak, let previous { return Float((time - previous) / (peak - previous)) }
            if time > peak, let next { return Float((next - time) / (next - peak)) }
            return 1
        }
        return (start, weights)
    }
}

extension PlacedSource {
    /// Times along the path, from the start to where the motion or the signal ends, such that the
    /// source moves at most `step` metres between two.
    func keyTimes(within seconds: Double, step: Double) -> [Double] {
        let (speed, duration): (Double, Double)
        switch trajectory {
        case nil: return [0]
        case .line(let velocity, let limit): (speed, duration) = (velocity.length, limit)
        case .arc(let centre, let angularSpeed, let limit):
            let radius = SIMD3(position.x - centre.x, position.y - centre.y, 0).length
            (speed, duration) = (abs(angularSpeed) * radius, limit)
        }
        let moving = min(duration, seconds)
        let steps = max(1, Int((speed * moving / step).rounded(.up)))
        guard moving > 0 else { return [0] }
        return (0...steps).map { moving * Double($0) / Double(steps) }
    }
}

extension ShoeboxRoom {
    /// The source itself and its images in the six walls, with their reflection factors.
    func firstImages(of source: SIMD3<Double>) -> [(position: SIMD3<Double>, gain: Double)] {
        (0..<7).map { (firstImage($0, of: source), $0 == 0 ? 1 : reflection) }
    }

    /// The source (0) or its image in one of the walls (1 to 6).
    func firstImage(_ index: Int, of source: SIMD3<Double>) -> SIMD3<Double> {
        guard index > 0 else { return source }
        var image = source
        let axis = (index - 1) / 2
        image[axis] = index.isMultiple(of: 2) ? 2 * size[axis] - source[axis] : -source[axis]
        return image
    }
}
