extension String {
    /// The text followed by blanks up to a length; a longer text stays whole.
    package func padding(toLength length: Int) -> String {
        self + String(repeating: " ", count: max(0, length - count))
    }
}
