/// The kinds of data set that can be loaded.
public enum DataSource: String, Sendable, Codable, CaseIterable {
    /// Synthesised sound events: nothing to download, documented as synthetic.
    case builtin
    /// A folder with one folder a class.
    case folder
    /// A CSV file with the columns path, label, split and, optionally, group.
    case manifest
    /// FSDnoisy18k (Fonseca et al. 2019, doi:10.1109/ICASSP.2019.8683158).
    case fsdnoisy18k
    /// ESC-50 (Piczak 2015, doi:10.1145/2733373.2806390).
    case esc50
    /// TAU Spatial Sound Events 2019, microphone array format (Adavanne et al. 2019).
    case tau2019
    /// STARSS23, microphone array format (Shimada et al. 2023, arXiv 2306.09126).
    case starss23
}

/// Which data set to load, and how to divide it.
public struct DataSettings: Sendable, Codable, Hashable {
    /// The name of a ``DataSource``.
    public var source: String
    /// Folder or manifest; the built-in data set has none.
    public var path: String?
    /// Number of clips of the built-in data set.
    public var clips: Int?
    /// Number of classes of the built-in data set, 2 to 20.
    public var classes: Int?
    /// The seed that splits are drawn from, and the built-in sounds.
    public var seed: UInt64
    /// Share of each class's clips for validation, where the data set says nothing about splits.
    public var validationFraction: Double
    /// Share of each class's clips for the test, where the data set says nothing about splits.
    public var testFraction: Double
    /// The fold that is the test split, where the data set comes in folds; the next one validates.
    public var fold: Int

    public init(
        source: String = DataSource.builtin.rawValue, path: String? = nil, clips: Int? = nil,
        classes: Int? = nil, seed: UInt64 = 0, validationFraction: Double = 0.2,
        testFraction: Double = 0.2, fold: Int = 1
    ) {
        self.source = source
        self.path = path
        self.clips = clips
        self.classes = classes
        self.seed = seed
        self.validationFraction = validationFraction
        self.testFraction = testFraction
        self.fold = fold
    }

    /// Throws: ``SoundDataError`` for a fraction or fold that no data set can have.
    func validate() throws {
        guard validationFraction >= 0, testFraction > 0, validationFraction + testFraction < 1
        else {
            throw SoundDataError.fractions(validation: validationFraction, test: testFraction)
        }
    }
}
