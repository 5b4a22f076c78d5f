package journal

// Flush writes what was added as a frame at once, so that a test can have small frames.
func (w *Writer) Flush() { w.flush() }

// FlushByHandAlone ends the flushing from time to time, which would end a frame anywhere where the test is stopped for a moment.
func (w *Writer) FlushByHandAlone() {
	close(w.stop)
	<-w.finished
	w.stop = make(chan struct{})
}
