import Foundation

/// How a source moves after the start, until `duration`; it rests afterwards.
public enum SourceTrajectory: Sendable, Codable, Hashable {
    /// Around a vertical axis through `centre`. Units: metres, radians a second, seconds.
    case arc(centre: SIMD3<Double>, angularSpeed: Double, duration: Double)
    /// Straight. Units: metres a second, seconds.
    case line(velocity: SIMD3<Double>, duration: Double)
}

/// A source in a room. Units: metres from the room's corner.
public struct PlacedSource: Sendable, Codable, Hashable {
    /// At the start.
    public var position: SIMD3<Double>
    public var trajectory: SourceTrajectory?

    public init(position: SIMD3<Double>, trajectory: SourceTrajectory? = nil) {
        self.position = position
        self.trajectory = trajectory
    }

    /// Where the source is `seconds` after the start.
    public func position(at seconds: Double) -> SIMD3<Double> {
        switch trajectory {
        case nil:
            return position
        case .arc(let centre, let angularSpeed, let duration):
            let time = min(max(seconds, 0), duration)
            return centre + (position - centre).rotated(by: angularSpeed * time)
        case .line(let velocity, let duration):
            return position + velocity * min(max(seconds, 0), duration)
        }
    }
}

/// A room with an array and sources in it: all that a rendering depends on but the dry signals.
public struct Scene: Sendable, Codable, Hashable {
    public var room: ShoeboxRoom
    /// The array's centre. Units: metres from the room's corner.
    public var arrayPosition: SIMD3<Double>
    /// The direction of the array's x axis in the room. Units: radians, counter-clockwise.
    public var arrayOrientation: Double
    public var sources: [PlacedSource]
    /// Units: decibels; infinite for no noise.
    public var signalToNoise: Double
    public var noise: NoiseKind
    public var method: SimulationMethod
    /// Names the diffuse tails of the hybrid method.
    public var tailSeed: UInt64

    public init(
        room: ShoeboxRoom, arrayPosition: SIMD3<Double>, arrayOrientation: Double = 0,
        sources: [PlacedSource], signalToNoise: Double = .infinity, noise: NoiseKind = .sensor,
        method: SimulationMethod = .images, tailSeed: UInt64 = 0
    ) {
        self.room = room
        self.arrayPosition = arrayPosition
        self.arrayOrientation = arrayOrientation
        self.sources = sources
        self.signalToNoise = signalToNoise
        self.noise = noise
        self.method = method
        self.tailSeed = tailSeed
    }

    /// Where the sound of a source comes from at `seconds`, seen along the array's x axis.
    ///
    /// Units: radians in (-pi, pi], counter-clockwise.
    public func azimuth(ofSource source: Int, at seconds: Double = 0) -> Double {
        let offset = sources[source].position(at: seconds) - arrayPosition
        return Angle.wrap(offset.azimuth - arrayOrientation)
    }

    /// The angle of a source above the array's horizontal plane. Units: radians.
    public func elevation(ofSource source: Int, at seconds: Double = 0) -> Double {
        let offset = sources[source].position(at: seconds) - arrayPosition
        return atan2(offset.z, (offset.x * offset.x + offset.y * offset.y).squareRoot())
    }

    /// The distance of a source from the array's centre. Units: metres.
    public func distance(ofSource source: Int, at seconds: Double = 0) -> Double {
        (sources[source].position(at: seconds) - arrayPosition).length
    }

    /// Where the microphones of `array` are in the room. Units: metres.
    public func microphonePositions(_ array: MicrophoneArray) -> [SIMD3<Double>] {
        array.positions.map { arrayPosition + $0.rotated(by: arrayOrientation) }
    }

    /// Checks that array and sources are inside the room.
    ///
    /// Throws: ``AcousticsError``.
    public func validate(array: MicrophoneArray) throws {
        for (index, position) in microphonePositions(array).enumerated()
        where !room.contains(position) {
            throw AcousticsError.outsideRoom(
                what: "microphone \(index)", position: position, size: room.size)
        }
        for (index, source) in sources.enumerated() {
            for seconds in source.checkpoints where !room.contains(source.position(at: seconds)) {
                throw AcousticsError.outsideRoom(
                    what: "source \(index)", position: source.position(at: seconds),
                    size: room.size)
            }
        }
    }
}

extension Scene {
    private enum CodingKeys: String, CodingKey {
        case room, arrayPosition, arrayOrientation, sources, signalToNoise, noise, method, tailSeed
    }

    /// A scene without a signal-to-noise ratio is one without noise: JSON has no infinity.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            room: try values.decode(ShoeboxRoom.self, forKey: .room),
            arrayPosition: try values.decode(SIMD3<Double>.self, forKey: .arrayPosition),
            arrayOrientation: try values.decode(Double.self, forKey: .arrayOrientation),
            sources: try values.decode([PlacedSource].self, forKey: .sources),
            signalToNoise: try values.decodeIfPresent(Double.self, forKey: .signalToNoise)
                ?? .infinity,
            noise: try values.decode(NoiseKind.self, forKey: .noise),
            method: try values.decode(SimulationMethod.self, forKey: .method),
            tailSeed: try values.decode(UInt64.self, forKey: .tailSeed))
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(room, forKey: .room)
        try values.encode(arrayPosition, forKey: .arrayPosition)
        try values.encode(arrayOrientation, forKey: .arrayOrientation)
        try values.encode(sources, forKey: .sources)
        try values.encodeIfPresent(
            signalToNoise.isFinite ? signalToNoise : nil, forKey: .signalToNoise)
        try values.encode(noise, forKey: .noise)
        try values.encode(method, forKey: .method)
        try values.encode(tailSeed, forKey: .tailSeed)
    }
}

extension PlacedSource {
    /// Times at which a path is checked against the walls: close enough together for an arc.
    package var checkpoints: [Double] {
        switch trajectory {
        case nil: [0]
        case .line(_, let duration): [0, duration]
        case .arc(_, let angularSpeed, let duration):
            stride(
                from: 0, through: 1,
                by: 1 / max(1, (abs(angularSpeed) * duration * 20).rounded(.up))
            )
            .map { $0 * duration }
        }
    }
}
