import GRDB

extension Row {
    /// A number as the store writes it: NULL stands for one that is none.
    ///
    /// Throws: an error of SQLite's kind "corrupt" for text, bytes and infinity, which SQLite would
    /// otherwise turn into 0.
    func checkedNumber(_ index: Int, of what: String) throws -> Double {
        let value: DatabaseValue = self[index]
        switch value.storage {
        case .null: return .nan
        case .int64(let number): return Double(number)
        case .double(let number) where number.isFinite: return number
        default:
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT, message: "\(what) is \(value), which is no number")
        }
    }
}
