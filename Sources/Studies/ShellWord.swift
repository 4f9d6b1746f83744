/// Words for a shell.
package enum ShellWord {
    /// A word as a shell reads it back: bare where it can be.
    package static func quoted(_ word: String) -> String {
        let isBare = word.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                || "_-+=./:,@%".unicodeScalars.contains($0)
        }
        return isBare && !word.isEmpty ? word : "'\(word.replacing("'", with: #"'\''"#))'"
    }
}
