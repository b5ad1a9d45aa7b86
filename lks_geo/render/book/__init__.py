"""How every workbook of this project is written: sheets, columns, formats, print set-up. Knows no measure."""
