/// What a linear probe is asked for: the seven of SARL (Chen et al. 2026, arXiv:2606.05544), four of a
/// source and three of its room.
///
/// Class and azimuth are asked for always (``LinearHeads``). The others are quantities: one number each,
/// in the scale in which errors are counted, ``QuantityHeads``.
public enum ProbeTarget: String, Sendable, Codable, Hashable, CaseIterable {
    case sourceClass = "class"
    case azimuth
    /// Above the array's horizontal plane. An array in that plane hears above and below alike: there it
    /// is the absolute value (``MicrophoneArray/isHorizontal``). Units: degrees.
    case elevation
    /// Of the source from the array's centre. Units: metres.
    case distance
    /// The reverberation time of the room. Units: seconds.
    case rt60
    /// The logarithm of the room's volume to base 2: an error of 1 is a factor of two, in small rooms
    /// and in large ones. What is blind is told by ratios, as in Genovese et al. 2019
    /// (doi:10.1109/ICASSP.2019.8682951), whose logarithm is decimal. Units: doublings of a cubic metre.
    case volume
    /// The shape of the room from above: the logarithm to base 2 of its longer side over the shorter,
    /// 0 for a square. Units: doublings.
    case aspect

    /// What every probe is asked for.
    public static let always: [ProbeTarget] = [.sourceClass, .azimuth]

    /// The others.
    public static let quantities = allCases.filter { !always.contains($0) }

    /// Whether it is of the room, which all sources of a recording share.
    public var isOfRoom: Bool {
        switch self {
        case .sourceClass, .azimuth, .elevation, .distance: false
        case .rt60, .volume, .aspect: true
        }
    }
}
