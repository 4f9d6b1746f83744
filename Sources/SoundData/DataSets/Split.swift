/// The part that a clip plays: no clip, and no group of clips, plays two.
public enum Split: String, Sendable, Codable, CaseIterable {
    /// Heard without labels, before anything else. Only data sets that set such clips aside have them.
    case pretraining
    /// Labelled clips to learn from.
    case training
    /// Labelled clips to choose settings by.
    case validation
    /// Labelled clips to judge by, read once.
    case test
}
