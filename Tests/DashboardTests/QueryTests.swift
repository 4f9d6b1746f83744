import Dashboard
import Testing

@Suite("The query of an address")
struct QueryTests {
    @Test("a space is + or %20, a plus is %2B, and what is no escape stays as it is")
    func decoding() {
        let query = Query(encoded: "row=temperature+0.1&a=b%20c&d=1%2B1&e=100%&empty=&row=second&f")
        #expect(query["row"] == "temperature 0.1")
        #expect(query["a"] == "b c" && query["d"] == "1+1")
        #expect(query["e"] == "100%" && query["empty"] == "" && query["f"] == "")
        #expect(query["none"] == nil)
    }
}
