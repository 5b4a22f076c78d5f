package journal

// Flush writes what was added as a frame at once, so that a test can have small frames.
func (w *Writer) Flush() { w.flush() }
