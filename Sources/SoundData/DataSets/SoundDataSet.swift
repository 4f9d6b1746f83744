public import Digests
import Foundation

/// Labelled clips, each in one split, and what had to be left out.
public struct SoundDataSet: Sendable {
    /// What a table's caption calls it, such as "built-in sound events" or the folder's name.
    public var name: String
    public var classes: [String]
    /// In the order of their identifiers, so that the order on disk does not matter.
    public var clips: [Clip]
    /// What is listed and not used, in the order of the paths.
    public var leftOut: [LeftOutClip]
    /// What is odd about what is used, in the order of the paths.
    public var remarks: [DataRemark] = []
    /// The name of the content: identifiers, labels, splits, groups and every byte of every file. It
    /// stays when the folder moves.
    public var digest: Digest
    /// Whether the sounds are synthesised, to be said wherever figures on them appear.
    public var isSynthetic: Bool
    /// Whether the clips were recorded with a microphone array, so that no room need be simulated.
    public var isSpatial: Bool

    /// The clips of a split; for ``Split/pretraining`` those of ``Split/training`` where the data set
    /// sets none aside for it.
    public func clips(for split: Split) -> [Clip] {
        let own = clips.filter { $0.split == split }
        return own.isEmpty && split == .pretraining ? clips(for: .training) : own
    }

    /// Finds the clips of a data set, and what of it cannot be used. Files are read whole, once.
    ///
    /// Throws: ``SoundDataError`` where the data set is not there, is not laid out as its kind
    /// demands, or has no readable clip.
    public static func load(
        _ settings: DataSettings, look: FirstLook = FirstLook()
    ) throws -> SoundDataSet {
        try settings.validate()
        guard let source = DataSource(rawValue: settings.source) else {
            throw SoundDataError.unknownSource(settings.source)
        }
        if source == .builtin { return try loadBuiltin(settings) }
        guard let path = settings.path, !path.isEmpty else {
            throw SoundDataError.pathNotGiven(source: settings.source)
        }
        let url = URL(fileURLWithPath: (path as NSString).expandingTildeInPath)
        return
            switch source
        {
        case .builtin: try loadBuiltin(settings)
        case .folder: try loadFolder(url, settings, look)
        case .manifest: try loadManifest(url, settings, look)
        case .fsdnoisy18k: try loadFSDnoisy18k(url, settings, look)
        case .esc50: try loadESC50(url, settings, look)
        case .tau2019: try loadTAU2019(url, settings, look)
        case .starss23: try loadSTARSS23(url, settings, look)
        }
    }
}
