"""Models of intents: words and characters read by a linear model, sentence vectors by a kernel, strangers told apart."""
