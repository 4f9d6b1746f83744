/// Impulse responses from sources at known places to the microphones of one array, as a file has them.
public struct RoomFile: Sendable, Hashable {
    /// The conventions of AES69 (SOFA) that are read.
    public enum Convention: String, Sendable, Hashable, Codable, CaseIterable {
        /// A head in a free field, a source at a time.
        case simpleFreeFieldHRIR = "SimpleFreeFieldHRIR"
        /// An array in a room, a source at a time.
        case singleRoomSRIR = "SingleRoomSRIR"
        /// A head in a room with several loudspeakers.
        case multiSpeakerBRIR = "MultiSpeakerBRIR"

        /// Whether the microphones are the ears of a head.
        public var isOfHead: Bool { self != .singleRoomSRIR }
    }

    public var convention: Convention
    /// What the file says that it is; empty where it says nothing.
    public var title: String
    /// Units: Hz.
    public var sampleRate: Int
    /// Relative to the listener: x forward, y left, z up. Units: metres.
    public var microphones: [SIMD3<Double>]
    /// Of each response, seen from the listener: x forward, y left, z up. Units: metres.
    public var sources: [SIMD3<Double>]
    /// By which the sound comes later than the samples say. Shape: [responses][microphones], row by row;
    /// empty where none does. Units: samples.
    public var delays: [Double]
    /// Of each response at each microphone.
    public var sampleCount: Int
    /// Shape: [responses][microphones][sampleCount], row by row.
    public var samples: [Float]

    public init(
        convention: Convention, title: String = "", sampleRate: Int, microphones: [SIMD3<Double>],
        sources: [SIMD3<Double>], delays: [Double] = [], sampleCount: Int, samples: [Float]
    ) {
        self.convention = convention
        self.title = title
        self.sampleRate = sampleRate
        self.microphones = microphones
        self.sources = sources
        self.delays = delays
        self.sampleCount = sampleCount
        self.samples = samples
    }

    /// The samples of a response at a microphone.
    public func samples(ofResponse response: Int, microphone: Int) -> ArraySlice<Float> {
        let start = (response * microphones.count + microphone) * sampleCount
        return samples[start..<(start + sampleCount)]
    }
}

/// What a file may hold at most: beyond it nothing is allocated.
public enum RoomFileLimits {
    public static let responses = 100_000
    public static let microphones = 64
    /// Of all responses together.
    public static let samples = 1 << 27
    /// Units: seconds.
    public static let length = 30.0
    /// Units: seconds.
    public static let delay = 10.0
    /// Units: Hz.
    public static let sampleRates = 4000...192_000
    /// Units: metres.
    public static let distance = 1000.0
    /// Nearer sources come from no direction. Units: metres.
    public static let nearest = 0.01
}

extension RoomFile {
    /// Checks every size and every number.
    ///
    /// Throws: ``RoomFileFault``.
    public func validate() throws(RoomFileFault) {
        func require(_ isRight: Bool, _ fault: @autoclosure () -> String) throws(RoomFileFault) {
            guard isRight else { throw RoomFileFault(fault()) }
        }
        let rates = RoomFileLimits.sampleRates
        try require(
            rates.contains(sampleRate),
            "its sample rate is \(sampleRate) Hz, but must be from \(rates.lowerBound) to \(rates.upperBound)"
        )
        try require(
            (1...RoomFileLimits.microphones).contains(microphones.count),
            "it has \(microphones.count) receivers, but must have from 1 to \(RoomFileLimits.microphones)"
        )
        try require(
            (1...RoomFileLimits.responses).contains(sources.count),
            "it has \(sources.count) responses, but must have from 1 to \(RoomFileLimits.responses)"
        )
        let longest = Int(RoomFileLimits.length * Double(sampleRate))
        try require(
            (1...longest).contains(sampleCount),
            "its responses have \(sampleCount) samples, but must have from 1 to \(longest) (30 s)")
        let rows = sources.count * microphones.count
        try require(
            sampleCount <= RoomFileLimits.samples / rows,
            "it holds \(rows) x \(sampleCount) samples, more than \(RoomFileLimits.samples)")
        try require(
            samples.count == rows * sampleCount,
            "it holds \(samples.count) samples, not \(rows) x \(sampleCount)")
        try require(
            delays.isEmpty || delays.count == rows, "it has \(delays.count) delays, not \(rows)")
        for (index, place) in microphones.enumerated() {
            try require(
                place.isWithin(10),
                "receiver \(index) is at \(place.text) m, but must be within 10 m of the listener")
        }
        for (index, place) in sources.enumerated() {
            try require(
                place.isWithin(RoomFileLimits.distance),
                "the source of response \(index) is at \(place.text) m, but must be within 1000 m of the listener"
            )
            try require(
                !place.isWithin(RoomFileLimits.nearest),
                "the source of response \(index) is where the listener is, which is no direction")
        }
        if let index = delays.firstIndex(where: {
            !($0 >= 0 && $0 <= RoomFileLimits.delay * Double(sampleRate))
        }) {
            throw RoomFileFault(
                "the delay of response \(index / microphones.count) at receiver "
                    + "\(index % microphones.count) is \(delays[index]) samples, but must be from 0 to 10 s"
            )
        }
        try requireSound()
    }

    /// A receiver is taken for dead where it hears less than this share of the energy of the loudest one: 120
    /// dB, more than any head, wall or converter keeps away.
    private static let dead = 1e-12

    private func requireSound() throws(RoomFileFault) {
        var silences = [Int](repeating: 0, count: microphones.count)
        var first: (receiver: Int, response: Int)?
        for response in sources.indices {
            var energies: [Double] = []
            for receiver in microphones.indices {
                energies.append(try energy(ofResponse: response, receiver: receiver))
            }
            let loudest = energies.max() ?? 0
            guard loudest > 1e-24 else {
                throw RoomFileFault("response \(response) is silent at all receivers")
            }
            for (receiver, energy) in energies.enumerated() where energy <= Self.dead * loudest {
                silences[receiver] += 1
                if first == nil { first = (receiver, response) }
            }
        }
        guard let first else { return }
        let count = silences[first.receiver]
        throw RoomFileFault(
            count == sources.count
                ? "its receiver \(first.receiver) is silent in every response; leave the receiver out"
                : "response \(first.response) is silent at receiver \(first.receiver)"
                    + (count > 1 ? ", as \(count - 1) more \(count == 2 ? "is" : "are")" : "")
                    + "; leave the \(count == 1 ? "response" : "responses") or the receiver out")
    }

    private func energy(
        ofResponse response: Int, receiver: Int
    ) throws(RoomFileFault) -> Double {
        var energy = 0.0
        for value in samples(ofResponse: response, microphone: receiver) {
            guard value.isFinite, abs(value) <= 1e6 else {
                throw RoomFileFault(
                    "response \(response) at receiver \(receiver) has the sample \(value), which is no "
                        + "sound")
            }
            energy += Double(value) * Double(value)
        }
        return energy
    }
}

extension SIMD3<Double> {
    /// Whether it is finite and no longer than that.
    fileprivate func isWithin(_ distance: Double) -> Bool {
        (self * self).sum() <= distance * distance
    }

    fileprivate var text: String { "(\(x), \(y), \(z))" }
}
