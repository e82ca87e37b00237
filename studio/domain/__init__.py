"""The vocabulary of the studio: frozen values, standard library only."""
