// The example CSV that organizers fill in. Its byte order mark makes spreadsheets read it as UTF-8.

export const TEMPLATE_CSV = `\ufeff${[
  'barcode,name,email,ticket type,price,order reference,section,row,seat,note',
  '5075291703423,Émile Jansen,emile.jansen@example.com,Regular,25.00,R1000,A,3,12,',
  'EXAMPLE-0002,Lotte van den Berg,lotte.vandenberg@example.com,VIP,49.50,R1001,,,,plus one',
  '',
].join('\r\n')}`;
