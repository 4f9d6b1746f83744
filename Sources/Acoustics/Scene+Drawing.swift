public import Randomness

extension Scene {
    /// Draws a scene.
    ///
    /// The reverberation time is drawn first and kept; a room that cannot have it (see
    /// ``ShoeboxRoom/init(size:reverberationTime:)``) is redrawn. The azimuths are drawn next,
    /// uniformly on the circle (or the part of it asked for), and kept too: whatever does not fit is fitted by redrawing the
    /// distances, the array's place and orientation, and the room. So neither the distribution of
    /// reverberation times nor that of azimuths is bent by what rooms allow; that of distances is.
    ///
    /// Throws: ``AcousticsError`` when the settings are wrong or nothing fits.
    public static func draw(
        _ settings: SceneSettings, array: MicrophoneArray, using stream: inout Stream
    ) throws -> Scene {
        try settings.validate()
        try array.validate()
        let time = stream.uniform(in: settings.reverberationTime)
        let azimuths = drawAzimuths(settings, using: &stream)
        let signalToNoise = stream.uniform(in: settings.signalToNoise)
        let tailSeed = stream.next()

        let attempts = 10_000
        var unreachable = 0
        for _ in 0..<attempts {
            let size = SIMD3(
                stream.uniform(in: settings.roomLength), stream.uniform(in: settings.roomWidth),
                stream.uniform(in: settings.roomHeight))
            guard let room = try? ShoeboxRoom(size: size, reverberationTime: time) else {
                unreachable += 1
                continue
            }
            guard let arrayPosition = drawArrayPosition(settings, room, array, using: &stream)
            else { continue }
            let orientation = stream.uniform(in: -Double.pi...Double.pi)
            var sources: [PlacedSource] = []
            for azimuth in azimuths {
                let source = drawSource(
                    settings, room, around: arrayPosition, azimuth: azimuth,
                    orientation: orientation, using: &stream)
                guard let source else { break }
                sources.append(source)
            }
            guard sources.count == azimuths.count else { continue }
            return Scene(
                room: room, arrayPosition: arrayPosition, arrayOrientation: orientation,
                sources: sources, signalToNoise: signalToNoise, noise: settings.noise,
                method: settings.method, tailSeed: tailSeed)
        }
        if unreachable == attempts {
            throw AcousticsError.noRoomFits(reverberationTime: time, attempts: attempts)
        }
        throw AcousticsError.sourceDoesNotFit(attempts: attempts)
    }

    /// Azimuths relative to the array, each uniform, redrawn together until they are far enough
    /// apart.
    private static func drawAzimuths(
        _ settings: SceneSettings, using stream: inout Stream
    ) -> [Double] {
        let separation = Angle.radians(degrees: settings.minimumSeparation)
        while true {
            let azimuths = (0..<settings.sourceCount).map { _ in
                stream.uniform(in: settings.azimuth)
            }
            let areApart = azimuths.indices.allSatisfy { first in
                azimuths[..<first].allSatisfy {
                    Angle.absoluteDifference($0, azimuths[first]) >= separation
                }
            }
            if areApart { return azimuths }
        }
    }

    private static func drawArrayPosition(
        _ settings: SceneSettings, _ room: ShoeboxRoom, _ array: MicrophoneArray,
        using stream: inout Stream
    ) -> SIMD3<Double>? {
        // The centre keeps its distance to the walls, and every microphone at least a centimetre.
        let margin = max(settings.minimumWallDistance, array.radius + 0.01)
        let lowest = max(settings.arrayHeight.lowerBound, margin)
        let highest = min(settings.arrayHeight.upperBound, room.size.z - margin)
        guard lowest <= highest, room.size.x > 2 * margin, room.size.y > 2 * margin else {
            return nil
        }
        return SIMD3(
            stream.uniform(in: margin...room.size.x - margin),
            stream.uniform(in: margin...room.size.y - margin),
            stream.uniform(in: lowest...highest))
    }

    private static func drawSource(
        _ settings: SceneSettings, _ room: ShoeboxRoom, around centre: SIMD3<Double>,
        azimuth: Double, orientation: Double, using stream: inout Stream
    ) -> PlacedSource? {
        let margin = max(settings.minimumWallDistance, 0.01)
        let distance = stream.uniform(in: settings.sourceDistance)
        guard room.size.z > 2 * margin else { return nil }
        let height = stream.uniform(in: margin...room.size.z - margin) - centre.z
        guard abs(height) < distance else { return nil }
        let horizontal = (distance * distance - height * height).squareRoot()
        let flat =
            MicrophoneArray.direction(azimuth: azimuth + orientation, elevation: 0) * horizontal
        var source = PlacedSource(position: centre + flat + SIMD3(0, 0, height))

        switch settings.motion {
        case .still: break
        case .arc:
            let sign: Double = stream.bernoulli(0.5) ? 1 : -1
            let speed = drawSpeed(settings, using: &stream)
            source.trajectory = .arc(
                centre: SIMD3(centre.x, centre.y, 0),
                angularSpeed: sign * speed / max(horizontal, 0.1),
                duration: settings.motionDuration)
        case .line:
            let heading = stream.uniform(in: -Double.pi...Double.pi)
            let speed = drawSpeed(settings, using: &stream)
            source.trajectory = .line(
                velocity: MicrophoneArray.direction(azimuth: heading, elevation: 0) * speed,
                duration: settings.motionDuration)
        }
        let fits = source.checkpoints.allSatisfy { seconds in
            let position = source.position(at: seconds)
            return room.contains(position, margin: margin)
                && (position - centre).length >= settings.sourceDistance.lowerBound - 1e-9
        }
        guard fits, staysWithin(settings.azimuth, source, around: centre, orientation: orientation)
        else { return nil }
        return source
    }

    private static func drawSpeed(
        _ settings: SceneSettings, using stream: inout Stream
    ) -> Double {
        let speed = settings.sourceSpeed
        return speed.lowerBound == speed.upperBound
            ? speed.lowerBound : stream.uniform(in: speed)
    }

    /// Whether a moving source is seen within a part of the circle all the way; the whole circle
    /// bars nothing.
    private static func staysWithin(
        _ azimuths: ClosedRange<Double>, _ source: PlacedSource, around centre: SIMD3<Double>,
        orientation: Double
    ) -> Bool {
        guard source.trajectory != nil, azimuths != -Double.pi...Double.pi else { return true }
        return source.checkpoints.allSatisfy { seconds in
            let offset = source.position(at: seconds) - centre
            let azimuth = Angle.wrap(offset.azimuth - orientation)
            return azimuths.contains(azimuth)
        }
    }
}
