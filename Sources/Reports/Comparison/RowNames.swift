/// Labels of rows in a sentence.
package enum RowNames {
    /// A note that names more rows than this is read by nobody.
    private static let mostNamed = 40

    /// “a”, “b” and 3 more.
    package static func text(_ labels: [String]) -> String {
        let more = labels.count - mostNamed
        return labels.prefix(mostNamed).map { "“\($0)”" }.joined(separator: ", ")
            + (more > 0 ? " and \(more) more" : "")
    }
}
