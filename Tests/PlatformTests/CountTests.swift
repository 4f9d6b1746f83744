import Platform
import Testing

@Suite("Numbers of things")
struct CountTests {
    @Test("one thing has no s, and none or several have")
    func words() {
        #expect(Count.text(1, "trial") == "1 trial")
        #expect(Count.text(0, "trial") == "0 trials" && Count.text(12, "trial") == "12 trials")
        #expect(Count.text(2, "class", "classes") == "2 classes")
        #expect(Count.word(1, "is", "are") == "is" && Count.word(3, "is", "are") == "are")
    }
}
